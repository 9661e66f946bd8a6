package io.allocmem;

import java.io.File;
import java.io.FileOutputStream;
import java.lang.instrument.Instrumentation;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * The door. The one class of ours in the application's loader, and frozen: a JVM keeps the first
 * one that it loads, whatever newer jar comes later. Everything else is loaded by a loader of our
 * own, whose parent is the boot loader, since the agent needs nothing else and a custom system
 * loader must not stand in between. That loader goes with its last plan, so a newer agent can
 * follow.
 *
 * <p>Arguments may begin with {@code jar=PATH,}: the jar to load the agent from. The answer is then
 * also written to {@code PATH.answer}, if that file is there.
 */
public final class Agent {
  private static final String JAR = "jar=";

  /** Weak: the plans' threads keep the session, and it goes with the last of them. */
  private static WeakReference<Object> session = new WeakReference<>(null);

  private Agent() {}

  /** At start-up. Ends the JVM with status 2 when refused: no stress would be a false green. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    String answer = ask(arguments, null, instrumentation);
    if (!answer.startsWith("accepted")) {
      System.err.println("[allocmem] " + answer);
      System.exit(2);
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
      Object current = session.get();
      if (current == null || !((BooleanSupplier) current).getAsBoolean()) {
        current = load(jar);
        session = new WeakReference<>(current);
      }
      return ((BiFunction<String, Instrumentation, String>) current)
          .apply(arguments, instrumentation);
    } catch (Throwable unexpected) {
      return "refused: " + unexpected;
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
    File file = jar == null ? null : new File(jar.getPath() + ".answer");
    if (file != null && file.isFile()) {
      try (FileOutputStream out = new FileOutputStream(file)) {
        out.write(answer.getBytes("UTF-8"));
      }
    } else if (!answer.startsWith("accepted")) {
      System.err.println("[allocmem] " + answer);
    }
  }
}
