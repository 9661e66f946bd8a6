package io.allocmem.launcher.process;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import io.allocmem.control.Printable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;

/**
 * A running JVM, found without a byte or a signal to it.
 *
 * @param pidInside the pid by which it knows itself: in a container another one than here
 * @param user name of its owner; {@code ?} where the system does not say
 * @param jdk its version; {@code ?} where its installation does not say
 * @param main its main class, module or jar; empty when its command line does not say
 */
public record JavaProcess(long pid, long pidInside, String user, String jdk, String main) {

  /** All processes together: a command is to end in two seconds. */
  private static final long LOOK_MILLIS = 1200;

  /**
   * All JVMs that can be seen from here, except this one; with {@code ?} for what cannot be read in
   * time, so that no process keeps a command from the others.
   */
  public static List<JavaProcess> all() {
    long self = ProcessHandle.current().pid();
    List<JavaProcess> found = LinuxProcess.isSupported() ? look() : listed();
    return found.stream().filter(process -> process.pid != self).toList();
  }

  private static List<JavaProcess> look() {
    return TimeLimit.each(
            LOOK_MILLIS, LinuxProcess.all(), JavaProcess::of, p -> Optional.of(unread(p)))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<JavaProcess> listed() {
    return VirtualMachine.list().stream().map(JavaProcess::of).toList();
  }

  /** The JVM with that pid; empty when that is none, a thread, or cannot be seen from here. */
  public static Optional<JavaProcess> find(long pid) {
    LinuxProcess process = new LinuxProcess(pid);
    return LinuxProcess.isSupported()
        ? of(process).filter(found -> process.leader() == pid)
        : listed().stream().filter(found -> found.pid == pid).findFirst();
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

  private static Optional<JavaProcess> of(LinuxProcess process) {
    try {
      return process.mappedLibjvm().map(libjvm -> of(process, JdkVersion.of(process, libjvm)));
    } catch (ForeignFiles.LateException late) {
      return Optional.of(unread(process));
    } catch (AccessDeniedException closed) {
      return Couriers.isClosedToRoot(process) ? Optional.of(of(process, "?")) : Optional.empty();
    } catch (IOException notForUs) {
      return Optional.empty();
    }
  }

  private static JavaProcess of(LinuxProcess process, String jdk) {
    String main = MainName.of(process, JdkVersion.feature(jdk));
    return new JavaProcess(
        process.pid(),
        process.pidInside(),
        process.user(),
        Printable.name(jdk),
        Printable.name(main));
  }

  /** Maybe a JVM: whether it is one cannot be read. */
  private static JavaProcess unread(LinuxProcess process) {
    return new JavaProcess(process.pid(), process.pidInside(), process.user(), "?", "?");
  }

  private static JavaProcess of(VirtualMachineDescriptor descriptor) {
    long pid = Long.parseLong(descriptor.id());
    String user = ProcessHandle.of(pid).flatMap(handle -> handle.info().user()).orElse("?");
    String main = Printable.name(descriptor.displayName().split(" ", 2)[0]);
    return new JavaProcess(pid, pid, user, "?", main);
  }
}
