package io.allocmem.pages;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Finds the page library when the first plan needs the library. A library beside the agent's jar
 * comes first, if both files have the same owner. Otherwise the library in the jar is unpacked into
 * a private directory, loaded, and removed at once, since the kernel keeps mapped files. The JVM
 * unloads the library with our class loader.
 */
public final class PageLibrary {
  private PageLibrary() {}

  /**
   * Finds the library. Never fails: if pages cannot be counted and released, the result has the
   * reason.
   *
   * @param agentJar jar of the agent
   * @param privateDirectory directory that only this user can write to
   */
  public static Pages find(Path agentJar, Path privateDirectory) {
    String system = System.getProperty("os.name");
    String machine = System.getProperty("os.arch");
    String name = "allocmem-pages-" + machine + ".so";
    // by the loader: a module's own class would search in the module, which has no files
    URL inside = PageLibrary.class.getClassLoader().getResource("io/allocmem/pages/" + name);
    if (!system.equals("Linux") || inside == null) {
      return new NoPages("there is no page library for " + system + " " + machine);
    }
    Path beside = agentJar.resolveSibling(name);
    Pages pages = isTrusted(beside, agentJar) ? load(beside) : null;
    return pages == null || pages.unavailable() != null ? unpack(inside, privateDirectory) : pages;
  }

  /** Returns pages without a library, for a given reason. */
  public static Pages none(String why) {
    return new NoPages(why);
  }

  /**
   * Returns whether the library is a regular file of the jar's owner: in a shared directory any
   * user could have planted a library.
   */
  private static boolean isTrusted(Path library, Path agentJar) {
    try {
      return Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(library).equals(Files.getOwner(agentJar));
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Pages unpack(URL library, Path directory) {
    try (InputStream inside = open(library)) {
      Path unpacked = Files.createTempFile(directory, "pages-", ".so");
      try {
        Files.copy(inside, unpacked, StandardCopyOption.REPLACE_EXISTING);
        return load(unpacked);
      } finally {
        Files.delete(unpacked);
      }
    } catch (IOException e) {
      return new NoPages("the page library cannot be unpacked: " + e);
    }
  }

  /** Opens the resource without the JDK's cache of opened jars, which would keep our jar open. */
  private static InputStream open(URL library) throws IOException {
    URLConnection resource = library.openConnection();
    resource.setUseCaches(false);
    return resource.getInputStream();
  }

  private static Pages load(Path library) {
    try {
      System.load(library.toAbsolutePath().toString());
      JniPages pages = new JniPages();
      pages.tryHeap();
      pages.tryOffHeap();
      return pages;
    } catch (UnsatisfiedLinkError | SecurityException e) {
      String message = String.valueOf(e.getMessage());
      String reason = message.substring(message.lastIndexOf(": ") + 1).trim();
      return new NoPages(
          "no page library can be loaded from " + library.getParent() + " (" + reason + ")");
    }
  }
}
