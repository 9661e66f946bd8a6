import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.concurrent.locks.LockSupport;

/** Searches for classes that do not exist, as applications with optional libraries do. */
class Searching extends Thread {
  private static final ClassLoader LOADER = Searching.class.getClassLoader();
  private static final int NAMES = 100;
  private static final int PAUSE_NANOS = 100_000;

  static String start(String name) {
    Searching search = new Searching();
    search.setName(name);
    search.setDaemon(true);
    search.start();
    return "searches";
  }

  @Override
  public void run() {
    for (int number = 0; ; number = (number + 1) % NAMES) {
      find("absent.Class" + number);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  static String find(String name) {
    try {
      return "found " + Class.forName(name);
    } catch (ClassNotFoundException e) {
      return "missing";
    }
  }

  /** Returns the URLs of the class path, separated by blanks. Needs an opened package from 9 on. */
  static String urls() throws Exception {
    StringBuilder all = new StringBuilder();
    for (URL url : LOADER instanceof URLClassLoader ? ((URLClassLoader) LOADER).getURLs() : inside()) {
      all.append(url).append(' ');
    }
    return all.toString();
  }

  private static URL[] inside() throws Exception {
    Field path = LOADER.getClass().getSuperclass().getDeclaredField("ucp");
    path.setAccessible(true);
    return (URL[]) path.getType().getMethod("getURLs").invoke(path.get(LOADER));
  }

  /** Appends a path to the class path, as an attach does. */
  static String append(String path) throws Exception {
    Method append =
        LOADER.getClass().getDeclaredMethod("appendToClassPathForInstrumentation", String.class);
    append.setAccessible(true);
    append.invoke(LOADER, path);
    return "appended";
  }

  /** Returns the manifests and roots that the class loader names, separated by blanks. */
  static String manifests() throws Exception {
    StringBuilder all = new StringBuilder();
    for (String name : new String[] {"META-INF/MANIFEST.MF", ""}) {
      Enumeration<URL> urls = LOADER.getResources(name);
      while (urls.hasMoreElements()) {
        all.append(urls.nextElement()).append(' ');
      }
    }
    return all.toString();
  }
}
