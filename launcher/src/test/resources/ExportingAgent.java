import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.instrument.Instrumentation;
import java.util.Collections;
import java.util.jar.JarFile;

/**
 * Agent that calls what uses method handles inside the JDK: exports a package of java.base to itself,
 * lists a jar, and closes a file. For JDK 9 and newer.
 */
public class ExportingAgent {
  public static void premain(String jar, Instrumentation instrumentation) throws IOException {
    instrumentation.redefineModule(
        Object.class.getModule(),
        Collections.emptySet(),
        Collections.singletonMap(
            "jdk.internal.misc", Collections.singleton(ExportingAgent.class.getModule())),
        Collections.emptyMap(),
        Collections.emptySet(),
        Collections.emptyMap());
    try (JarFile own = new JarFile(jar)) {
      own.entries().nextElement();
    }
    new RandomAccessFile(jar, "r").close();
  }
}
