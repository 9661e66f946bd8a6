import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.jar.JarFile;

/**
 * Starts two plans at the same moment, as a start-up and an attach would. Two threads call the
 * class Agent. Prints the number of class loaders with a plan to stderr.
 */
public class TwoPlans {
  public static void premain(String jar, Instrumentation instrumentation) throws Exception {
    instrumentation.appendToSystemClassLoaderSearch(new JarFile(jar));
    Class<?> door = ClassLoader.getSystemClassLoader().loadClass("io.allocmem.Agent");
    Method enter = door.getMethod("agentmain", String.class, Instrumentation.class);
    CyclicBarrier both = new CyclicBarrier(2);
    Thread other = new Thread(() -> enter(enter, both, "x=1,n=one", instrumentation));
    other.start();
    enter(enter, both, "x=1,n=two", instrumentation);
    other.join();
    Set<ClassLoader> sessions = new HashSet<>();
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      if (loaded.getName().equals("io.allocmem.allocator.Allocator")) {
        sessions.add(loaded.getClassLoader());
      }
    }
    System.err.println("sessions: " + sessions.size());
  }

  private static void enter(
      Method enter, CyclicBarrier both, String plan, Instrumentation instrumentation) {
    try {
      both.await();
      enter.invoke(null, plan, instrumentation);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
