package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the JDK version of a JVM from the files of the JDK installation. */
public final class JdkVersion {
  private static final Pattern LINE = Pattern.compile("(?m)^JAVA_VERSION=\"?([^\"\\s]{1,40})\"?");

  private static final Pattern FEATURE = Pattern.compile("^(?:1\\.)?(\\d{1,4})");

  private JdkVersion() {}

  /** Returns the feature version: 8 for {@code 1.8.0_504}, 21 for {@code 21.0.13}, 0 if unknown. */
  public static int feature(String version) {
    Matcher number = FEATURE.matcher(version);
    return number.find() ? Integer.parseInt(number.group(1)) : 0;
  }

  /** Returns the feature version of the JDK that a process runs; 0 if unknown. */
  public static int feature(LinuxProcess process) {
    return process.libjvm().map(libjvm -> feature(of(process, libjvm))).orElse(0);
  }

  /** Returns the version; {@code ?} if the installation has no version. */
  static String of(LinuxProcess process, Path libjvm) {
    ForeignFiles files = ForeignFiles.of(process.pid());
    // the kernel's path can have a leading part from outside the process's root directory
    for (int from = 0; from < Math.min(libjvm.getNameCount(), Machine.MOST_PARTS); from++) {
      Path inside = process.root().resolve(libjvm.subpath(from, libjvm.getNameCount()));
      if (exists(files, inside)) {
        return of(files, inside, process.root());
      }
    }
    return of(ForeignFiles.here(), libjvm, libjvm.getRoot());
  }

  /**
   * Reads the file {@code release}, present in every JDK and every linked runtime. Some JDK 8
   * packages lack the file {@code release}, but only JDK 8 has an rt.jar.
   */
  private static String of(ForeignFiles files, Path libjvm, Path root) {
    for (Path home = libjvm.getParent();
        home != null && home.startsWith(root);
        home = home.getParent()) {
      if (exists(files, home.resolve("rt.jar"))) {
        return "8";
      }
      try {
        byte[] release = files.read(home.resolve("release"), ForeignFiles.TEXT);
        Matcher version = LINE.matcher(new String(release, StandardCharsets.ISO_8859_1));
        return version.find() ? version.group(1) : "?";
      } catch (IOException notHere) {
        continue;
      }
    }
    return "?";
  }

  private static boolean exists(ForeignFiles files, Path file) {
    try {
      files.facts(file);
      return true;
    } catch (IOException missing) {
      return false;
    }
  }
}
