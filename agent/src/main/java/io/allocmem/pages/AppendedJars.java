package io.allocmem.pages;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;

/**
 * Jars of the agent that attaches have appended to the application's class path. The JDK has no
 * call to remove a jar. The application's class loader opens the jar at the next search for a
 * missing class, and keeps the deleted file open; {@code getResources} names a jar that nobody can
 * open. If the search comes later, another user may have created a file of that name in {@code
 * /tmp}.
 *
 * <p>Therefore this class lets the class loader open the jar at once, and replaces the opened jar
 * by a directory that is always empty. The jar is not closed here, since another thread of the
 * application may be searching in it. Nothing refers to the jar any more, and the JDK closes it at
 * a collection.
 *
 * <p>A JDK with other fields keeps the jar.
 */
public final class AppendedJars {
  /** Below a device is no file, and nobody can create one: no class comes from there. */
  private static final String EMPTY = "file:/dev/null/none/";

  private static final String LOADER = "jdk.internal.loader.BuiltinClassLoader";

  /** Package of the JDK's class loaders: a class loader of the application may block a search. */
  private static final String LOADERS = "jdk.internal.loader.";

  private static final String LOADER_8 = "sun.misc.Launcher$AppClassLoader";
  private static final String JAR_LOADER = "URLClassPath$JarLoader";
  private static final String ABSENT = "io.allocmem.Absent";
  private static final String PRESENT = "io/allocmem/Session.class";

  private AppendedJars() {}

  /**
   * Makes the application's class loader forget the jars. Called by the attach thread, while the
   * jar of this attach exists. Waits only while another thread opens a jar of the class path, as
   * the JDK itself has waited to append the jar. Never throws.
   */
  public static void forget() {
    try {
      ClassLoader loader = ClassLoader.getSystemClassLoader();
      Object path = File.separatorChar == '/' && isOfJdk(loader) ? pathOf(loader) : null;
      if (path != null) {
        openAll(loader);
        replaceIn(path);
      }
    } catch (IOException | ReflectiveOperationException | RuntimeException | Error unknown) {
      return; // the class loader keeps the jar, as it does without the agent
    }
  }

  private static boolean isOfJdk(ClassLoader loader) {
    String name = loader.getClass().getName();
    return name.startsWith(LOADERS) || name.equals(LOADER_8);
  }

  /** Returns the jars and directories of a loader; null for an unknown class loader. */
  private static Object pathOf(ClassLoader loader) throws NoSuchFieldException {
    for (Class<?> type = loader.getClass(); type != null; type = type.getSuperclass()) {
      if (type == URLClassLoader.class || type.getName().equals(LOADER)) {
        return ObjectField.get(loader, type.getDeclaredField("ucp"));
      }
    }
    return null;
  }

  /**
   * Lets the loader search to the end of the class path. The search for the agent itself has opened
   * all jars of the application before.
   */
  private static void openAll(ClassLoader loader) {
    try {
      loader.loadClass(ABSENT);
    } catch (ClassNotFoundException expected) {
      return;
    }
  }

  @SuppressWarnings("unchecked") // a list and a map of a private class of the JDK
  private static void replaceIn(Object path) throws IOException, ReflectiveOperationException {
    synchronized (path) { // the JDK's own lock of both fields
      List<Object> entries = (List<Object>) field(path, "loaders");
      Map<String, Object> byUrl = (Map<String, Object>) field(path, "lmap");
      for (int at = 0; at < entries.size(); at++) {
        Object entry = entries.get(at);
        if (isOurs(entry)) {
          Object empty = emptyEntry();
          entries.set(at, empty);
          replace(byUrl, entry, empty);
        }
      }
    }
  }

  private static void replace(Map<String, Object> byUrl, Object entry, Object by) {
    for (Map.Entry<String, Object> each : byUrl.entrySet()) {
      if (each.getValue() == entry) {
        each.setValue(by);
      }
    }
  }

  /** Returns true for a jar of the agent, of any version, that a launcher has created. */
  private static boolean isOurs(Object entry) throws NoSuchFieldException {
    if (!entry.getClass().getName().endsWith(JAR_LOADER)) {
      return false;
    }
    ZipFile jar = (ZipFile) field(entry, "jar");
    if (jar == null) {
      return false;
    }
    File file = new File(jar.getName());
    String name = file.getName();
    return (name.startsWith("agent-") || name.startsWith("allocmem-"))
        && (!file.exists() || new File(file + ".answer").exists())
        && jar.getEntry(PRESENT) != null;
  }

  private static Object field(Object owner, String name) throws NoSuchFieldException {
    Field field = owner.getClass().getDeclaredField(name);
    return ObjectField.get(owner, field);
  }

  /** Returns an entry that the JDK itself makes, for a class loader of its own. */
  private static Object emptyEntry() throws IOException, ReflectiveOperationException {
    // opens no file: nothing to close
    @SuppressWarnings("resource")
    URLClassLoader maker = new URLClassLoader(new URL[] {new URL(EMPTY)}, null);
    maker.findResource(PRESENT);
    return ((List<?>) field(pathOf(maker), "loaders")).get(0);
  }
}
