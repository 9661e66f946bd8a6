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
 * Finds the page library when the first plan needs it: beside the agent's jar, and its owner's,
 * else the one in the jar, unpacked into a private directory, loaded, and removed at once, since
 * the kernel keeps what is mapped. The JVM unloads it with our class loader.
 */
public final class PageLibrary {
  private PageLibrary() {}

  /**
   * Never fails: where pages cannot be counted and given back, the answer says why.
   *
   * @param agentJar the jar that the agent was loaded from
   * @param privateDirectory a directory that only this user can write to
   */
  public static Pages find(Path agentJar, Path privateDirectory) {
    String system = System.getProperty("os.name");
    String machine = System.getProperty("os.arch");
    String name = "allocmem-pages-" + machine + ".so";
    // by the loader: a module's own class would look inside of the module, which has no files
    URL inside = PageLibrary.class.getClassLoader().getResource("io/allocmem/pages/" + name);
    if (!system.equals("Linux") || inside == null) {
      return new NoPages("there is no page library for " + system + " " + machine);
    }
    Path beside = agentJar.resolveSibling(name);
    Pages pages = isTrusted(beside, agentJar) ? load(beside) : null;
    return pages == null || pages.unavailable() != null ? unpack(inside, privateDirectory) : pages;
  }

  /** Where there is no library, for that reason. */
  public static Pages none(String why) {
    return new NoPages(why);
  }

  /** In a directory that all may write to, anybody could have laid it there. */
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

  /** Without the JDK's cache of opened jars, which would keep ours open. */
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
      return pages;
    } catch (UnsatisfiedLinkError | SecurityException e) {
      String message = String.valueOf(e.getMessage());
      String reason = message.substring(message.lastIndexOf(": ") + 1).trim();
      return new NoPages(
          "no page library can be loaded from " + library.getParent() + " (" + reason + ")");
    }
  }
}
