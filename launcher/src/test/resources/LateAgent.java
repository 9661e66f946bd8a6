import java.io.File;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/**
 * An agent by which a class of that name takes as long to load as the jar that it comes from is
 * there: whoever brings that jar gives up first.
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
        while (jar.exists()) {
          Thread.sleep(10);
        }
      }
    } catch (Exception goesOn) {
      return null;
    }
    return null;
  }
}
