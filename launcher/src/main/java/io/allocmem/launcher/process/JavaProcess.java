package io.allocmem.launcher.process;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import io.allocmem.control.Printable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A running JVM, found without sending a byte or a signal to the JVM.
 *
 * @param pidInside pid in the innermost pid namespace; in a container different from {@code pid}
 * @param user name of the owner; {@code ?} if unknown to the system
 * @param uid effective uid as seen from here; -1 if unknown
 * @param gid effective gid as seen from here; -1 if unknown
 * @param jdk version; {@code ?} if the installation has no version
 * @param main main class, module or jar; empty if the command line has none
 * @param place pod and container
 */
public record JavaProcess(
    long pid,
    long pidInside,
    String user,
    int uid,
    int gid,
    String jdk,
    String main,
    ContainerNames place) {

  /** Time limit for all processes together: a command must end within two seconds. */
  private static final long LOOK_MILLIS = 1200;

  private static final String UNREAD = "?";

  /**
   * Returns all visible JVMs except this JVM. The text {@code ?} stands for a value not read in
   * time, so no process delays a command for all JVMs.
   */
  public static List<JavaProcess> all() {
    return all(closed -> {});
  }

  /**
   * Returns all visible JVMs, like {@link #all()}.
   *
   * @param closed takes each process with mappings that are closed to the launcher, from any thread
   */
  static List<JavaProcess> all(Consumer<LinuxProcess> closed) {
    long self = ProcessHandle.current().pid();
    List<JavaProcess> found = LinuxProcess.isSupported() ? look(closed) : listed();
    return found.stream().filter(process -> process.pid != self).toList();
  }

  private static List<JavaProcess> look(Consumer<LinuxProcess> closed) {
    return TimeLimit.each(
            LOOK_MILLIS, LinuxProcess.all(), p -> of(p, closed), p -> Optional.of(unread(p)))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<JavaProcess> listed() {
    return VirtualMachine.list().stream().map(JavaProcess::of).toList();
  }

  /** Returns the JVM with that pid; empty for a thread, for no JVM, or for an invisible process. */
  public static Optional<JavaProcess> find(long pid) {
    LinuxProcess process = new LinuxProcess(pid);
    return LinuxProcess.isSupported()
        ? of(process, closed -> {}).filter(found -> process.leader() == pid)
        : listed().stream().filter(found -> found.pid == pid).findFirst();
  }

  /**
   * Returns the pid for a target from the command line. The target is a pid, or a part of the main
   * class or jar name of exactly one JVM.
   *
   * @throws Failure with the candidates, if no JVM or several JVMs match
   */
  public static long pidOf(String target) {
    if (isPid(target)) {
      return Long.parseLong(target);
    }
    List<JavaProcess> matches = all().stream().filter(process -> process.isNamed(target)).toList();
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

  /** Returns true if the target from the command line is a pid, and not a part of a name. */
  public static boolean isPid(String target) {
    return target.matches("-?\\d{1,18}");
  }

  /** Returns true if the text is a part of the main class or jar name. */
  public boolean isNamed(String part) {
    return main.contains(part);
  }

  /** Returns {@code uid:gid}; empty if unknown. */
  public String ids() {
    return uid == -1 ? "" : Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
  }

  private static Optional<JavaProcess> of(LinuxProcess process, Consumer<LinuxProcess> toClosed) {
    try {
      return process.mappedLibjvm().map(libjvm -> of(process, JdkVersion.of(process, libjvm)));
    } catch (ForeignFiles.LateException late) {
      return Optional.of(unread(process));
    } catch (AccessDeniedException closed) {
      toClosed.accept(process);
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
        process.uid(),
        process.gid(),
        Printable.name(jdk),
        Printable.name(main),
        ContainerNames.of(process));
  }

  /** Returns true for a process that did not answer in time, and so may be a JVM. */
  public boolean isUnread() {
    return jdk.equals(UNREAD) && main.equals(UNREAD);
  }

  /** Returns a possible JVM: the mappings are unreadable, so the kind of process stays unknown. */
  private static JavaProcess unread(LinuxProcess process) {
    return new JavaProcess(
        process.pid(),
        process.pidInside(),
        process.user(),
        process.uid(),
        process.gid(),
        UNREAD,
        UNREAD,
        ContainerNames.ofKernel(process));
  }

  private static JavaProcess of(VirtualMachineDescriptor descriptor) {
    long pid = Long.parseLong(descriptor.id());
    String user = ProcessHandle.of(pid).flatMap(handle -> handle.info().user()).orElse("?");
    String main = Printable.name(descriptor.displayName().split(" ", 2)[0]);
    return new JavaProcess(pid, pid, user, -1, -1, "?", main, ContainerNames.NONE);
  }
}
