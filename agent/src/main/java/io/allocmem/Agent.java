package io.allocmem;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipFile;

/**
 * The door. The one class of ours in the application's loader, and frozen: a JVM keeps the first
 * one that it loads, whatever newer jar comes later. Everything else is loaded by a loader of our
 * own, whose parent is the boot loader, since the agent needs nothing else and a custom system
 * loader must not stand in between. That loader goes with its last plan, so a newer agent can
 * follow.
 *
 * <p>Arguments may begin with {@code jar=PATH,}: the jar to load the agent from. The answer is then
 * also written to {@code PATH.answer}, if that file is there.
 *
 * <p>An option of the environment (JAVA_TOOL_OPTIONS) reaches every JVM of a container. At start-up
 * the door therefore passes over JVMs that run no application, and with {@code main=PART} all but
 * one application. Nothing else of ours is loaded there.
 */
public final class Agent implements Runnable {
  private static final String JAR = "jar=";
  private static final String MAIN = "main=";

  /** Where the main classes of the JDK's tools live; in modules since JDK 9. */
  private static final String[] TOOLS = {
    "sun.", "jdk.", "com.sun.tools.", "com.sun.corba.", "com.sun.java."
  };

  /** {@code java Service.java} compiles that file and then runs it: no tool, an application. */
  private static final String SOURCE_LAUNCHER = "jdk.compiler/com.sun.tools.javac.launcher.";

  private static final String LAUNCHER = "io.allocmem.launcher.";

  /** A main class has no limit of length, a line of the log has. */
  private static final int LONGEST = 400;

  private static final long PRINTED_WITHIN_MILLIS = 1000;

  /** Weak: the plans' threads keep the session, and it goes with the last of them. */
  private static final AtomicReference<WeakReference<Object>> SESSION =
      new AtomicReference<>(new WeakReference<>(null));

  private final String sentence;

  private Agent(String sentence) {
    this.sentence = sentence;
  }

  /** At start-up. Ends the JVM with status 2 when refused: no stress would be a false green. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    String plan = "";
    String part = "";
    String separator = "";
    for (String option : arguments == null ? new String[0] : arguments.split(",", -1)) {
      if (part.isEmpty() && option.startsWith(MAIN)) {
        part = option.substring(MAIN.length());
      }
      if (part.isEmpty() || !option.equals(MAIN + part)) {
        plan += separator + option;
        separator = ",";
      }
    }
    String passedOver = passedOver(part);
    if (passedOver == null) {
      start(plan, instrumentation);
    } else if (!passedOver.isEmpty()) {
      String line = "no plan in this JVM: " + passedOver;
      sayInTime(line.substring(0, Math.min(line.length(), LONGEST)));
    }
  }

  private static void start(String plan, Instrumentation instrumentation) {
    String answer = ask(plan, null, instrumentation);
    if (!answer.startsWith("accepted")) {
      sayInTime(answer);
      System.exit(2);
    }
  }

  /** Why no plan starts here: empty where that is not told, null where nothing is in the way. */
  private static String passedOver(String part) {
    String command = property("sun.java.command");
    if (command.startsWith(SOURCE_LAUNCHER)) {
      command = command.substring(command.indexOf(' ') + 1);
    }
    if (command.isEmpty()) { // java -version, whose output scripts read; or not started by java
      String unknown = "main=" + part + " fits no JVM without a main class (sun.java.command)";
      return !property("sun.java.launcher").isEmpty() ? "" : part.isEmpty() ? null : unknown;
    }
    String main = mainOf(command);
    if (isTool(main) || isOwn(main)) {
      return main + (isTool(main) ? " is a tool of the JDK" : " is allocmem itself");
    }
    int at = command.indexOf(part); // from there on it may reach into the arguments
    return at >= 0 && at < main.length() ? null : "main=" + part + " does not fit " + main;
  }

  private static String property(String name) {
    try {
      return System.getProperty(name, "");
    } catch (SecurityException hidden) {
      return "";
    }
  }

  /** The main class, with its module; or the jar: that is the class path, and may have blanks. */
  private static String mainOf(String command) {
    String jar = property("java.class.path").split(File.pathSeparator, 2)[0];
    int end = (command + ' ').startsWith(jar + ' ') ? jar.length() : command.indexOf(' ');
    return end < 0 ? command : command.substring(0, end);
  }

  private static boolean isTool(String main) {
    boolean file = main.endsWith(".jar") || main.endsWith(".java");
    boolean tool = property("jdk.module.main").startsWith("java.");
    for (String tools : TOOLS) {
      tool |= !file && main.startsWith(tools);
    }
    return tool;
  }

  /** By what is in the jar: its name may be another one. */
  private static boolean isOwn(String main) {
    if (!main.endsWith(".jar")) {
      return main.startsWith(LAUNCHER);
    }
    try (ZipFile jar = new ZipFile(main)) {
      return jar.getEntry(LAUNCHER.replace('.', '/') + "Launcher.class") != null;
    } catch (IOException | RuntimeException notReadable) {
      return false;
    }
  }

  /** In a running JVM. Never throws and never exits. */
  public static void agentmain(String arguments, Instrumentation instrumentation) {
    try {
      boolean named = arguments != null && arguments.startsWith(JAR) && arguments.contains(",");
      int end = named ? arguments.indexOf(',') : 0;
      File jar = named ? new File(arguments.substring(JAR.length(), end)) : null;
      answer(jar, ask(named ? arguments.substring(end + 1) : arguments, jar, instrumentation));
    } catch (Throwable nobodyToTell) {
      return;
    }
  }

  @SuppressWarnings("unchecked") // our own Session: the one class of that name in our own loader
  private static String ask(String arguments, File jar, Instrumentation instrumentation) {
    try {
      return ((BiFunction<String, Instrumentation, String>) session(jar))
          .apply(arguments, instrumentation);
    } catch (SecurityException managed) {
      return "refused: the security manager of this JVM denies the agent what it needs ("
          + managed.getMessage()
          + "); grant java.security.AllPermission to the code base of the agent's jar, for an attach"
          + " to file:/tmp/-, in the JVM's policy";
    } catch (Throwable unexpected) {
      return "refused: " + unexpected;
    }
  }

  /**
   * The one session of all plans, also of those that begin at one moment: by a start-up and by an
   * attach. Never by a lock: a thread that kept it would keep the attach listener for ever.
   */
  private static Object session(File jar) throws Exception {
    while (true) {
      WeakReference<Object> seen = SESSION.get();
      Object current = seen.get();
      if (current != null && ((BooleanSupplier) current).getAsBoolean()) {
        return current;
      }
      Object fresh = load(jar);
      if (SESSION.compareAndSet(seen, new WeakReference<>(fresh))) {
        return fresh;
      }
      ((URLClassLoader) fresh.getClass().getClassLoader()).close(); // another was faster
    }
  }

  private static Object load(File jar) throws Exception {
    URL code =
        jar == null
            ? Agent.class.getProtectionDomain().getCodeSource().getLocation()
            : jar.toURI().toURL();
    // closed by the session, after its last plan
    @SuppressWarnings("resource")
    URLClassLoader own = new URLClassLoader(new URL[] {code}, null);
    return own.loadClass("io.allocmem.Session").getConstructor().newInstance();
  }

  private static void answer(File jar, String answer) throws Exception {
    try {
      if (jar != null && write(Paths.get(jar.getPath() + ".answer"), answer)) {
        return;
      }
    } catch (SecurityException managed) {
      // the sentence names the cause, and stderr is left
    }
    if (!answer.startsWith("accepted")) {
      say(answer);
    }
  }

  /**
   * Returns false when the file is not there. A link is none: others may write to that directory.
   */
  private static boolean write(Path file, String answer) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      out.write(answer.getBytes(StandardCharsets.UTF_8));
      return true;
    }
  }

  /** Waits until it is printed, for a moment: then nobody reads it. */
  private static void sayInTime(String sentence) {
    try {
      say(sentence).join(PRINTED_WITHIN_MILLIS);
    } catch (Throwable nobodyToTell) {
      return; // the status of the process says it, where it ends
    }
  }

  /** In a thread of its own: nobody may read stderr, and then each write waits for ever. */
  private static Thread say(String answer) {
    Thread thread = new Thread(new Agent(answer), "allocmem-answer");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Prints the sentence to the descriptor itself: {@code System.err} may be the application's, and
   * locks. A security manager may leave nothing else.
   */
  @Override
  public void run() {
    String line = "[allocmem] " + sentence + System.lineSeparator();
    try {
      FileOutputStream stderr = new FileOutputStream(FileDescriptor.err); // never closed
      stderr.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (SecurityException managed) {
      System.err.print(line);
    } catch (Throwable nobodyToTell) {
      return;
    }
  }
}
