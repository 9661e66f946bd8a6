import java.io.File;
import java.lang.instrument.Instrumentation;

/**
 * Agent without any effect: everything left after an attach comes from the JVM itself. If the
 * arguments name a file, the agent creates NAME.seen and waits until the file is removed; meanwhile
 * further attaches wait, or the start of the JVM.
 */
public class EmptyAgent {
  public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
    agentmain(arguments, instrumentation);
  }

  public static void agentmain(String arguments, Instrumentation instrumentation)
      throws Exception {
    boolean waits = arguments != null && !arguments.isEmpty();
    if (waits) {
      new File(arguments + ".seen").createNewFile();
    }
    while (waits && new File(arguments).exists()) {
      Thread.sleep(10);
    }
  }
}
