package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the version of the JDK that a JVM runs, by the files of that installation. */
final class JdkVersion {
  private static final Pattern LINE = Pattern.compile("(?m)^JAVA_VERSION=\"?([^\"\\s]{1,40})\"?");

  private JdkVersion() {}

  /** The version; {@code ?} when the installation does not say. */
  static String of(LinuxProcess process, Path libjvm) {
    ForeignFiles files = ForeignFiles.of(process.pid());
    // the kernel names a file with a part before that is not the process's own
    for (int from = 0; from < libjvm.getNameCount(); from++) {
      Path inside = process.root().resolve(libjvm.subpath(from, libjvm.getNameCount()));
      if (exists(files, inside)) {
        return of(files, inside, process.root());
      }
    }
    return of(ForeignFiles.here(), libjvm, libjvm.getRoot());
  }

  /**
   * From the file {@code release} that stands in every JDK and every linked runtime; some packages
   * of JDK 8 come without it, but only they have an rt.jar.
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
