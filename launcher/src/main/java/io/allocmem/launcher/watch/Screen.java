package io.allocmem.launcher.watch;

import io.allocmem.launcher.control.JvmSample;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.Stdout;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.PosixSysTerminal;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;
import org.jline.utils.AttributedString;
import org.jline.utils.Curses;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jline.utils.ShutdownHooks;

/**
 * Display on a terminal: draws changes on the alternate screen, reads keys, and restores the
 * terminal. Uses the programs tty and stty, and loads no native code.
 */
public final class Screen implements WatchDisplay {
  private static final int LEAST_COLORS = 8;

  private final Tty terminal;
  private final PrintWriter writer;
  private final Display display;
  private final boolean color;
  private final History history;
  private volatile boolean resized;
  private Size size;
  private StatusReport last;
  private String sentence = "";
  private boolean entered;
  private boolean closed;

  /**
   * Terminal without JLine's shutdown hook, which would close the terminal during use. Only this
   * class closes the terminal.
   */
  private static final class Tty extends PosixSysTerminal {
    Tty(String type, Charset charset) throws IOException {
      super(
          "allocmem",
          type,
          new ExecTerminalProvider().current(SystemStream.Output),
          charset,
          false,
          SignalHandler.SIG_DFL);
      ShutdownHooks.remove(closer);
    }
  }

  private Screen(Tty terminal, long everyMillis) {
    this.terminal = terminal;
    this.writer = terminal.writer();
    this.history = new History(everyMillis);
    this.display = new Display(terminal, true);
    Integer colors = terminal.getNumericCapability(Capability.max_colors);
    String no = System.getenv("NO_COLOR");
    this.color = colors != null && colors >= LEAST_COLORS && (no == null || no.isEmpty());
    this.size = terminal.getSize();
  }

  /**
   * Returns the terminal, or lines if no terminal can draw. Call before a plan begins, since asking
   * a terminal takes a while. The terminal stays unchanged until the first report.
   */
  public static WatchDisplay or(PrintWriter out, boolean onlyNews, long everyMillis) {
    String type = System.getenv("TERM");
    if (type == null || type.isEmpty() || type.startsWith("dumb")) {
      return PlainDisplay.to(out, onlyNews);
    }
    try {
      return new Screen(new Tty(type, Stdout.charset()), everyMillis);
    } catch (IOException noTerminal) {
      return PlainDisplay.to(out, onlyNews);
    }
  }

  private void enter() {
    entered = true;
    terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setControlChar(ControlChar.VSUSP, 0); // a shell cannot leave the alternate screen
    terminal.setAttributes(raw);
    terminal.handle(Terminal.Signal.WINCH, signal -> resized = true);
    put(Capability.enter_ca_mode);
    put(Capability.cursor_invisible);
    fit();
  }

  private void put(Capability capability) {
    Curses.tputs(writer, terminal.getStringCapability(capability));
  }

  private void fit() {
    put(Capability.clear_screen);
    display.clear();
    display.resize(size.getRows(), size.getColumns());
  }

  @Override
  public synchronized void show(StatusReport report) {
    JvmSample sample = report.toSample();
    if (last != null && !last.phases().equals(report.phases())) {
      sentence = ""; // the command took effect
    }
    if (!sample.plans().isEmpty()) {
      history.add(sample);
      last = report;
    }
    redraw();
  }

  private void redraw() {
    if (closed || history.isEmpty()) {
      return;
    }
    if (!entered) {
      enter();
    }
    boolean ascii = !terminal.encoding().equals(StandardCharsets.UTF_8);
    WatchView view = new WatchView(size.getColumns(), size.getRows(), ascii);
    List<AttributedString> lines = view.draw(history, sentence);
    if (!color) {
      lines.replaceAll(Screen::plain);
    }
    display.update(lines, 0);
  }

  private static AttributedString plain(AttributedString line) {
    return new AttributedString(line.toString());
  }

  @Override
  public synchronized void showMessage(String words) {
    sentence = words;
    redraw();
  }

  @Override
  public int await(long millis) throws IOException, InterruptedException {
    int key = terminal.reader().read(millis);
    if (key == NonBlockingReader.EOF) {
      Thread.sleep(millis); // no further keys
    }
    synchronized (this) {
      if (resized && !closed) {
        resized = false;
        size = terminal.getSize();
        fit();
        redraw();
      }
    }
    return key;
  }

  @Override
  public boolean lingers() {
    return !history.isEmpty();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (entered) {
      put(Capability.exit_ca_mode);
      put(Capability.cursor_normal);
      writer.flush();
    }
    restore();
    if (last != null) {
      last.toLines().forEach(writer::println);
      writer.flush();
    }
  }

  @Override
  public synchronized void leave(String words) {
    writer.println(words);
    writer.flush();
  }

  private void restore() {
    try {
      terminal.close();
    } catch (IOException gone) {
      return; // the terminal itself is gone
    }
  }
}
