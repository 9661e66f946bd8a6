package io.allocmem.launcher.process;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * All processes of the machine, in one look: the mappings of each process are read once.
 *
 * @param jvms visible JVMs except this JVM
 * @param closed processes with mappings that are closed to the launcher, JVMs or not
 */
public record JvmSurvey(List<JavaProcess> jvms, List<LinuxProcess> closed) {
  /** Looks at all processes. */
  public static JvmSurvey take() {
    ConcurrentLinkedQueue<LinuxProcess> closed = new ConcurrentLinkedQueue<>();
    List<JavaProcess> jvms = JavaProcess.all(closed::add);
    return new JvmSurvey(jvms, List.copyOf(closed));
  }

  /** Returns the JVMs among the closed processes. */
  public List<UnseenJvms> unseen() {
    return UnseenJvms.among(closed);
  }

  /** Returns true without any JVM, visible or not. */
  public boolean isEmpty() {
    return jvms.isEmpty() && unseen().isEmpty();
  }
}
