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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipFile;

/**
 * Entry point of the agent. This class and {@link SessionLoader} are the only agent classes in the
 * application's class loader, and {@link RefusedStart} in a JVM that ends or that runs {@link
 * Alone}. A JVM keeps the first version of this class, even if a newer jar comes later. The class
 * is therefore frozen. A separate class loader, with the boot loader as parent, loads every other
 * agent class. The agent needs no other classes, and a custom system class loader must not
 * interfere. The loader ends with its last plan, so a newer agent can follow.
 *
 * <p>Arguments may begin with {@code jar=PATH,}: the jar to load the agent from. If the file {@code
 * PATH.answer} exists, the answer is also written to the file.
 *
 * <p>An environment variable (JAVA_TOOL_OPTIONS) reaches every JVM of a container. At start-up,
 * this class therefore skips JVMs that run no application. With {@code main=PART}, this class skips
 * every application without PART in its name. A skipped JVM loads no other agent class.
 */
public final class Agent implements Runnable {
  private static final String JAR = "jar=";
  private static final String MAIN = "main=";

  /** Name prefixes of the main classes of the JDK's tools; in modules since JDK 9. */
  private static final String[] TOOLS = {
    "sun.", "jdk.", "com.sun.tools.", "com.sun.corba.", "com.sun.java."
  };

  /**
   * Source launcher: {@code java Service.java} compiles a file and then runs the application in the
   * file. Not a tool.
   */
  private static final String SOURCE_LAUNCHER = "jdk.compiler/com.sun.tools.javac.launcher.";

  private static final String LAUNCHER = "io.allocmem.launcher.";

  /** Maximum length of a message: a log line has a limit, the name of a main class has none. */
  private static final int LONGEST = 400;

  private static final long PRINTED_WITHIN_MILLIS = 1000;

  /** Key of the only entry of {@link #SESSION}. */
  private static final String OF_ALL_PLANS = "session";

  /**
   * Weak reference: only the plans' threads keep the session, so the session ends with the last
   * plan. A map, since each JVM has loaded the class already; an AtomicReference would load
   * java.lang.invoke into some.
   */
  private static final ConcurrentMap<String, WeakReference<Object>> SESSION =
      new ConcurrentHashMap<>();

  static {
    SESSION.put(OF_ALL_PLANS, new WeakReference<>(null));
  }

  private final String sentence;

  private Agent(String sentence) {
    this.sentence = sentence;
  }

  /**
   * Starts a plan at JVM start-up. If the plan is refused, ends the JVM with status 2: a run
   * without stress would be a false success.
   */
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
      RefusedStart.endJvm(property("java.specification.version"));
    }
  }

  /**
   * Returns the reason why no plan starts here: empty for a silent skip, null if nothing prevents a
   * plan.
   */
  private static String passedOver(String part) {
    String command = property("sun.java.command");
    if (command.startsWith(SOURCE_LAUNCHER)) {
      command = command.substring(command.indexOf(' ') + 1);
    }
    if (command.isEmpty()) { // java -version (scripts read the output), or no java launcher
      String unknown = "main=" + part + " fits no JVM without a main class (sun.java.command)";
      return !property("sun.java.launcher").isEmpty() ? "" : part.isEmpty() ? null : unknown;
    }
    String main = mainOf(command);
    if (isTool(main) || isOwn(main)) {
      return main + (isTool(main) ? " is a tool of the JDK" : " is allocmem itself");
    }
    int at = command.indexOf(part); // the match may extend into the arguments
    return at >= 0 && at < main.length() ? null : "main=" + part + " does not fit " + main;
  }

  private static String property(String name) {
    try {
      return System.getProperty(name, "");
    } catch (SecurityException hidden) {
      return "";
    }
  }

  /**
   * Returns the main class with its module, or the jar. The path of the jar equals the class path
   * and may contain blanks.
   */
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

  /**
   * Returns true for allocmem's own jar. Checks the contents, since the jar may have another name.
   */
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

  /** Starts a plan in a running JVM. Never throws and never exits. */
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

  @SuppressWarnings("unchecked") // Session is the only class of this name in the agent's loader
  private static String ask(String arguments, File jar, Instrumentation instrumentation) {
    try {
      return ((BiFunction<String, Instrumentation, String>) session(jar))
          .apply(arguments, instrumentation);
    } catch (SecurityException managed) {
      return "refused: the security manager of this JVM denies the agent a permission ("
          + managed.getMessage()
          + "); grant java.security.AllPermission to the code base of the agent's jar, for an attach"
          + " to file:/tmp/-, in the JVM's policy";
    } catch (Throwable unexpected) {
      return "refused: " + unexpected;
    }
  }

  /**
   * Returns the session of all plans, even if a start-up and an attach begin plans at the same
   * moment. Keeps no lock: a thread that kept the lock would block the attach listener for ever.
   */
  private static Object session(File jar) throws Exception {
    while (true) {
      WeakReference<Object> seen = SESSION.get(OF_ALL_PLANS);
      Object current = seen.get();
      if (current != null && ((BooleanSupplier) current).getAsBoolean()) {
        return current;
      }
      Object fresh = load(jar);
      if (SESSION.replace(OF_ALL_PLANS, seen, new WeakReference<>(fresh))) {
        return fresh;
      }
      ((URLClassLoader) fresh.getClass().getClassLoader()).close(); // another thread was faster
    }
  }

  private static Object load(File jar) throws Exception {
    URL code =
        jar == null
            ? Agent.class.getProtectionDomain().getCodeSource().getLocation()
            : jar.toURI().toURL();
    // the session closes the loader after its last plan
    @SuppressWarnings("resource")
    URLClassLoader own = new SessionLoader(code);
    return own.loadClass("io.allocmem.Session").getConstructor().newInstance();
  }

  private static void answer(File jar, String answer) throws Exception {
    try {
      if (jar != null && write(Paths.get(jar.getPath() + ".answer"), answer)) {
        return;
      }
    } catch (SecurityException managed) {
      // the answer names the cause; stderr remains
    }
    if (!answer.startsWith("accepted")) {
      say(answer);
    }
  }

  /**
   * Returns false if the file does not exist. A symbolic link does not count as a file: other users
   * may write to the directory.
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

  /**
   * Prints a sentence and waits for the end of the output. After the timeout, nobody reads stderr.
   */
  private static void sayInTime(String sentence) {
    try {
      say(sentence).join(PRINTED_WITHIN_MILLIS);
    } catch (Throwable nobodyToTell) {
      return; // the exit status reports a refusal at start-up
    }
  }

  /** Prints in a separate thread: if nobody reads stderr, each write blocks for ever. */
  private static Thread say(String answer) {
    Thread thread = new Thread(new Agent(answer), "allocmem-answer");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Prints the sentence to the file descriptor. {@code System.err} may be the application's, and
   * locks. A security manager may permit {@code System.err} alone.
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
