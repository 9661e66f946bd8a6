package io.allocmem.launcher.attach;

import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.status.ControlDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.security.SecureRandom;
import java.util.Set;

/**
 * The agent's jar, laid out of the launcher's own into a directory where a JVM finds it, for as
 * long as that JVM needs to load it, with an empty file beside it for the answer. Closing removes
 * both: a JVM that comes for the jar later finds nothing, so an attach that was given up stays
 * given up.
 *
 * <p>The directory stays open meanwhile: a link that its owner puts in its place, or in place of a
 * file, leads nowhere.
 */
public final class AgentJar implements Closeable {
  private static final Set<OpenOption> MAKE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private static final Set<OpenOption> MAKE_TO_READ =
      Set.of(
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE,
          StandardOpenOption.READ,
          LinkOption.NOFOLLOW_LINKS);

  /** An accepted plan is a sentence or two. */
  private static final int LONGEST_ANSWER = 8192;

  private final DirectoryStream<Path> directory;

  /** The path by which the JVM finds it. */
  private final Path path;

  /** Stays open: what its owner puts in the place of that file, a FIFO even, is not opened. */
  private SeekableByteChannel answer;

  private AgentJar(DirectoryStream<Path> directory, Path path) {
    this.directory = directory;
    this.path = path;
  }

  /** For a JVM of this launcher's own. */
  public static AgentJar lay() {
    try {
      Path own = ControlDirectory.own();
      return lay(open(own.getParent(), own.getFileName()), own, "agent-");
    } catch (IOException e) {
      throw new Failure("cannot lay the agent's jar: " + e.getMessage(), e);
    }
  }

  /** For a running JVM: where that JVM sees another /tmp than we do, in that one. */
  static AgentJar layFor(LinuxProcess process) {
    if (!LinuxProcess.isSupported() || process.sharesTemporary()) {
      return lay();
    }
    try {
      Path temporary = Path.of("tmp");
      return lay(open(process.root(), temporary), Path.of("/tmp"), "allocmem-");
    } catch (IOException e) {
      throw Diagnosis.unwritable(process.pid(), e);
    }
  }

  /** A system without such streams (macOS, Windows) has no other /tmp either. */
  private static DirectoryStream<Path> open(Path parent, Path name) throws IOException {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(parent)) {
      return open instanceof SecureDirectoryStream<Path> secure
          ? secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)
          : Files.newDirectoryStream(parent.resolve(name));
    }
  }

  private static AgentJar lay(DirectoryStream<Path> directory, Path seen, String prefix)
      throws IOException {
    String name = prefix + (new SecureRandom().nextLong() >>> 1) + ".jar";
    AgentJar laid = new AgentJar(directory, seen.resolve(name));
    try (InputStream inside = AgentJar.class.getResourceAsStream("/allocmem-agent.jar")) {
      if (inside == null) {
        throw new Failure("the agent is missing in this launcher: build it with mvn package");
      }
      try (OutputStream out = laid.make(laid.path.getFileName())) {
        inside.transferTo(out);
      }
      laid.answer = laid.open(laid.answerFile(), MAKE_TO_READ);
      return laid;
    } catch (IOException full) {
      laid.close();
      throw full;
    }
  }

  private OutputStream make(Path file) throws IOException {
    return Channels.newOutputStream(open(file, MAKE));
  }

  private SeekableByteChannel open(Path file, Set<OpenOption> options) throws IOException {
    FileAttribute<?>[] mode = ControlDirectory.ownerOnly("rw-------");
    return directory instanceof SecureDirectoryStream<Path> secure
        ? secure.newByteChannel(file, options, mode)
        : Files.newByteChannel(path.resolveSibling(file), options, mode);
  }

  /** The path by which the JVM finds it. */
  public Path path() {
    return path;
  }

  /** What the agent said; empty when it said nothing. */
  public String answer() throws IOException {
    InputStream in = Channels.newInputStream(answer.position(0));
    return new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
  }

  private Path answerFile() {
    return Path.of(path.getFileName() + ".answer");
  }

  @Override
  public void close() throws IOException {
    try {
      if (answer != null) {
        answer.close();
      }
      remove(path.getFileName());
      remove(answerFile());
    } finally {
      directory.close();
    }
  }

  private void remove(Path file) throws IOException {
    try {
      if (directory instanceof SecureDirectoryStream<Path> secure) {
        secure.deleteFile(file);
      } else {
        Files.deleteIfExists(path.resolveSibling(file));
      }
    } catch (NoSuchFileException | ClosedDirectoryStreamException alreadyGone) {
      return;
    }
  }
}
