package io.allocmem.pages;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Finds the page library when the first plan needs the library. A library beside the agent's jar
 * comes first, if both files have the same owner. Otherwise the library in the jar is unpacked into
 * a private directory, loaded, and removed at once, since the kernel keeps mapped files. The JVM
 * unloads the library with our class loader.
 */
public final class PageLibrary {
  private static final int PIECE = 8192;

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
    String inside = "io/allocmem/pages/" + name;
    if (!system.equals("Linux") || !exists(inside)) {
      return new NoPages("there is no page library for " + system + " " + machine);
    }
    Path beside = agentJar.resolveSibling(name);
    Pages pages = isTrusted(beside, agentJar) ? load(beside) : null;
    return pages == null || pages.unavailable() != null ? unpack(inside, privateDirectory) : pages;
  }

  private static boolean exists(String name) {
    try (InputStream found = resource(name)) {
      return found != null;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Asks the loader: a module's own class would search in the module, which has no files. */
  private static InputStream resource(String name) {
    return PageLibrary.class.getClassLoader().getResourceAsStream(name);
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

  private static Pages unpack(String library, Path directory) {
    try {
      Path unpacked = createFile(directory);
      try {
        copy(library, unpacked);
        return load(unpacked);
      } finally {
        Files.delete(unpacked);
      }
    } catch (IOException e) {
      return new NoPages("the page library cannot be unpacked: " + e);
    }
  }

  /**
   * Creates a file with a new name. The directory is private, so the name may be guessed: {@code
   * Files.createTempFile} would load the JDK's random numbers, 30 classes, and {@code
   * Files.createFile} the classes of channels, 20 to 45.
   */
  private static Path createFile(Path directory) throws IOException {
    for (long number = System.nanoTime(); ; number++) {
      File file = new File(directory.toFile(), "pages-" + (number & Long.MAX_VALUE) + ".so");
      if (file.createNewFile()) {
        return file.toPath();
      }
    }
  }

  /** Writes to a file that exists; {@code Files.copy} would load the classes of channels. */
  private static void copy(String library, Path to) throws IOException {
    byte[] piece = new byte[PIECE];
    try (InputStream in = resource(library);
        OutputStream out = new FileOutputStream(to.toFile())) {
      for (int count = in.read(piece); count > 0; count = in.read(piece)) {
        out.write(piece, 0, count);
      }
    }
  }

  private static Pages load(Path library) {
    try {
      System.load(library.toAbsolutePath().toString());
      return new JniPages();
    } catch (UnsatisfiedLinkError | SecurityException e) {
      String message = String.valueOf(e.getMessage());
      String reason = message.substring(message.lastIndexOf(": ") + 1).trim();
      return new NoPages(
          "no page library can be loaded from " + library.getParent() + " (" + reason + ")");
    }
  }
}
