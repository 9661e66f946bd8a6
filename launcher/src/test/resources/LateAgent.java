import java.io.File;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/**
 * Agent that delays the loading of a named class until the jar of the class has no content: the
 * launcher gives up first, and removes or empties the jar.
 */
public class LateAgent implements ClassFileTransformer {
  private final String late;

  private LateAgent(String late) {
    this.late = late;
  }

  public static void premain(String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new LateAgent(arguments));
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
    try {
      if (late.equals(name)) {
        File jar = new File(domain.getCodeSource().getLocation().toURI());
        while (jar.length() > 0) {
          Thread.sleep(10);
        }
      }
    } catch (Exception goesOn) {
      return null;
    }
    return null;
  }
}
