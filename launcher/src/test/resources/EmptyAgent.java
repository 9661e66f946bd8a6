import java.lang.instrument.Instrumentation;

/** An agent that does nothing: what is left behind by each attach is the JVM's own. */
public class EmptyAgent {
  public static void agentmain(String arguments, Instrumentation instrumentation) {}
}
