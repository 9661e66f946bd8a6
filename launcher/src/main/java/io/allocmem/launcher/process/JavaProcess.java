package io.allocmem.launcher.process;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * A running JVM, found without a byte or a signal to it.
 *
 * @param pidInside the pid by which it knows itself: in a container another one than here
 * @param user name of its owner; {@code ?} where the system does not say
 * @param jdk its version; {@code ?} where its installation does not say
 * @param main its main class, module or jar; empty when its command line does not say
 */
public record JavaProcess(long pid, long pidInside, String user, String jdk, String main) {

  /** All JVMs that can be seen from here, except this one. */
  public static List<JavaProcess> all() {
    long self = ProcessHandle.current().pid();
    List<JavaProcess> found =
        LinuxProcess.isSupported()
            ? LinuxProcess.all().stream()
                .filter(process -> process.libjvm().isPresent())
                .map(JavaProcess::of)
                .toList()
            : VirtualMachine.list().stream().map(JavaProcess::of).toList();
    return found.stream().filter(process -> process.pid != self).toList();
  }

  /**
   * The pid that a person means: a pid, or a part of exactly one JVM's main class or jar name.
   *
   * @throws Failure with the candidates, when it is not exactly one
   */
  public static long pidOf(String target) {
    if (target.matches("-?\\d{1,18}")) {
      return Long.parseLong(target);
    }
    List<JavaProcess> matches =
        all().stream().filter(process -> process.main.contains(target)).toList();
    if (matches.isEmpty()) {
      throw new Failure(
          "no JVM has '" + target + "' in its main class or jar name; allocmem list shows all");
    }
    if (matches.size() > 1) {
      throw new Failure(
          "'%s' fits %d JVMs, give the pid of one: %s"
              .formatted(
                  target,
                  matches.size(),
                  String.join(
                      ", ", matches.stream().map(jvm -> jvm.pid + " " + jvm.main).toList())));
    }
    return matches.get(0).pid;
  }

  /** Its file as it sees it: the kernel names it with a part before that is not its own. */
  private static String version(LinuxProcess process, Path libjvm) {
    for (int from = 0; from < libjvm.getNameCount(); from++) {
      Path inside = process.root().resolve(libjvm.subpath(from, libjvm.getNameCount()));
      if (Files.exists(inside)) {
        return version(inside);
      }
    }
    return version(libjvm);
  }

  private static JavaProcess of(LinuxProcess process) {
    return new JavaProcess(
        process.pid(),
        process.pidInside(),
        process.user(),
        process.libjvm().map(libjvm -> version(process, libjvm)).orElse("?"),
        MainClass.of(process.commandLine()));
  }

  private static JavaProcess of(VirtualMachineDescriptor descriptor) {
    long pid = Long.parseLong(descriptor.id());
    String user = ProcessHandle.of(pid).flatMap(handle -> handle.info().user()).orElse("?");
    return new JavaProcess(pid, pid, user, "?", descriptor.displayName().split(" ", 2)[0]);
  }

  /**
   * From the file {@code release} that stands in every JDK and every linked runtime; some packages
   * of JDK 8 come without it, but only they have an rt.jar.
   */
  private static String version(Path libjvm) {
    for (Path home = libjvm.getParent(); home != null; home = home.getParent()) {
      if (Files.exists(home.resolve("rt.jar"))) {
        return "8";
      }
      Properties release = new Properties();
      try (var in = Files.newBufferedReader(home.resolve("release"))) {
        release.load(in);
        return release.getProperty("JAVA_VERSION", "?").replace("\"", "");
      } catch (IOException notHere) {
        continue;
      }
    }
    return "?";
  }
}
