package io.allocmem.launcher.watch;

import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.Jdks;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import io.allocmem.launcher.fixtures.Tmux;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code attach --hold} on a real terminal, without the live view. */
class HoldIT {
  private static final Jdk NEWEST = Jdks.launchers().reduce((older, newer) -> newer).orElseThrow();

  @TempDir private Path directory;

  @Test
  void showsTheStateOfAHeldPlanAtEnter() {
    try (Target target = Target.start(NEWEST);
        Tmux terminal = new Tmux(directory, 80, 24)) {
      String words = "attach " + target.pid() + " -m 10 -x 20 -a native --hold";
      terminal.type(NEWEST.java() + " -jar " + Cli.JAR + " " + words);
      terminal.await("plan default: HOLDING");
      terminal.press("C-l"); // neither a line nor an answer
      terminal.type("");
      terminal.await(lines -> count(lines, "plan default: HOLDING") == 2);
      terminal.press("C-z");
      terminal.await("Stopped");
      terminal.type("bg; clear");
      terminal.await(lines -> lines.get(0).equals("$"));
      terminal.type("jobs"); // a read in the background would stop the program
      terminal.await("Running");
      terminal.type("fg");
      terminal.press("C-c");
      terminal.await("plan default: RELEASED");
      Plans.awaitNoControlFile(target);
    }
  }

  private static long count(List<String> lines, String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).count();
  }
}
