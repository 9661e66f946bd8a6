package io.allocmem.launcher.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All processes by the pid in their own pid namespaces, as of one look at each process. */
public final class PidsInside {
  private final Map<Long, List<LinuxProcess>> processes = new HashMap<>();

  private PidsInside() {}

  /** Looks at all processes. */
  public static PidsInside look() {
    PidsInside now = new PidsInside();
    for (LinuxProcess process : LinuxProcess.all()) {
      now.processes.computeIfAbsent(process.pidInside(), pid -> new ArrayList<>()).add(process);
    }
    return now;
  }

  /** Returns the processes with that pid inside, ordered by the pid here. */
  public List<LinuxProcess> knownAs(long inside) {
    return processes.getOrDefault(inside, List.of());
  }
}
