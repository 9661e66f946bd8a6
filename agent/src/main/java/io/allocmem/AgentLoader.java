package io.allocmem;

import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Class loader of the agent's classes, with the boot loader as parent. Reads each class into the
 * same buffer. The JDK's class loader of jars copies the bytes of a class two more times, and
 * creates a URL and a code source for each class.
 *
 * <p>{@code META-INF/java/N} has classes for JDK N and newer. It is not {@code META-INF/versions},
 * as in a multi-release jar: the JDK keeps a table of these entries, and makes the table with a
 * lambda.
 */
final class AgentLoader extends ClassLoader implements Iterable<String>, Closeable {
  private static final String OURS = "io.allocmem.";
  private static final String RELEASES_OF_JAVA = "META-INF/java/";
  private static final String CLASS = ".class";

  /** Releases of Java with classes of their own in the jar, newest first. */
  static final int[] RELEASES = {26, 17, 11, 9};

  /** Initial size of the buffer in bytes: more than the largest class has. */
  private static final int ROOM = 12 << 10;

  /** First release of Java without security managers. */
  private static final int UNMANAGED = 24;

  private final Session session;
  private final ZipFile jar;
  private final ProtectionDomain domain = domain();

  /**
   * Directories with classes for this release of Java, newest first; at the end the root of the
   * jar.
   */
  private final List<String> directories = new ArrayList<>();

  private byte[] buffer = new byte[ROOM];

  /**
   * Opens the jar.
   *
   * @param session session to keep as long as the classes of this loader, and to close with the jar
   */
  AgentLoader(Session session) throws IOException {
    super(null);
    this.session = session;
    jar = new ZipFile(file());
    definePackage();
    int current = release();
    for (int release : RELEASES) {
      if (release <= current) {
        directories.add(RELEASES_OF_JAVA + release + '/');
      }
    }
    directories.add("");
  }

  private static ProtectionDomain domain() {
    ProtectionDomain own = Session.class.getProtectionDomain();
    return release() < UNMANAGED ? AgentDomain.like(own) : own;
  }

  private File file() throws IOException {
    try {
      return new File(domain.getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e); // the session's loader has its URL from a file
    }
  }

  /** Gives the package the version from the jar's manifest, as the session's package. */
  private void definePackage() {
    Package ours = Session.class.getPackage();
    String version = ours.getImplementationVersion();
    definePackage(ours.getName(), null, null, null, null, version, null, null);
  }

  /** Returns the release of Java: 8 for {@code 1.8}. */
  private static int release() {
    String version = System.getProperty("java.specification.version");
    return Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
  }

  /**
   * Returns the names of all entries of the jar, without entries for a release of Java. Reads all
   * entries: an armed agent without a plan needs none.
   */
  @Override
  public Iterator<String> iterator() {
    List<String> names = new ArrayList<>();
    for (Enumeration<? extends ZipEntry> all = jar.entries(); all.hasMoreElements(); ) {
      String name = all.nextElement().getName();
      if (!name.startsWith(RELEASES_OF_JAVA)) {
        names.add(name);
      }
    }
    return names.iterator();
  }

  /** Asks the boot loader for no class of the agent: the search costs time, and finds nothing. */
  @Override
  protected synchronized Class<?> loadClass(String name, boolean resolve)
      throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    Class<?> loaded = findLoadedClass(name);
    return loaded == null ? findClass(name) : loaded;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    try {
      String plain = name.replace('.', '/') + CLASS;
      for (String directory : directories) {
        int length = read(directory + plain);
        if (length >= 0) {
          return defineClass(name, buffer, 0, length, domain);
        }
      }
    } catch (IOException | IllegalStateException closed) {
      throw new ClassNotFoundException(name, closed);
    }
    throw new ClassNotFoundException(name);
  }

  /** Reads an entry into the buffer. Returns the length; -1 if the jar has no such entry. */
  private int read(String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      return -1;
    }
    int length = (int) entry.getSize();
    buffer = length > buffer.length ? new byte[length] : buffer;
    try (InputStream in = jar.getInputStream(entry)) {
      for (int at = 0; at < length; ) {
        int count = in.read(buffer, at, length - at);
        if (count < 0) {
          throw new EOFException(name);
        }
        at += count;
      }
    }
    return length;
  }

  /** Returns the content of an entry; null if the jar has no such entry. */
  @Override
  public InputStream getResourceAsStream(String name) {
    try {
      ZipEntry entry = jar.getEntry(name);
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException | IllegalStateException closed) {
      return null;
    }
  }

  /** Closes the jar. No class can be loaded afterwards. */
  @Override
  public void close() throws IOException {
    try {
      jar.close();
    } finally {
      session.close();
    }
  }
}
