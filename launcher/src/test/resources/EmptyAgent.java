import java.io.File;
import java.lang.instrument.Instrumentation;

/**
 * An agent that does nothing: what is left behind by each attach is the JVM's own. With a file's
 * name it makes NAME.seen, and waits as long as that file is there; so does every other attach, or the JVM's start.
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
