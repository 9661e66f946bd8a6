package io.allocmem.launcher.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Phase;
import io.allocmem.control.Reading;
import io.allocmem.control.Status;
import io.allocmem.launcher.InProcess;
import io.allocmem.launcher.fixtures.Cli;
import io.allocmem.launcher.fixtures.ForeignJdk;
import io.allocmem.launcher.fixtures.Jdks.Jdk;
import io.allocmem.launcher.fixtures.Plans;
import io.allocmem.launcher.fixtures.Target;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;

/**
 * A 32-bit x86 JVM, for which the agent has no page library: plans run, and say what is not
 * enforced and not counted.
 */
class I386IT {
  private static final long MIB = 1L << 20;
  private static final String WHY = "there is no page library for Linux i386";

  @Test
  void plansRunAndSayThatNoFillRatioIsEnforced() throws Exception {
    Jdk jdk = ForeignJdk.i386();
    try (Target target = Target.start(jdk, "-Xmx256m")) {
      Object pid = target.pid();
      assertThat(InProcess.run("check", pid, "-x", 16, "-f", 0.25).done())
          .contains("page library      there is none for Linux i386");
      attach(target, "heap", "0.25").contains("fill ratio not enforced on the heap here", WHY);
      attach(target, "native", "0.25").contains("resident pages not counted here: " + WHY);
      attach(target, "plain", "1").contains("resident pages not counted here: " + WHY);
      assertHeld(target, "heap", 16 * MIB, "fill ratio not enforced on the heap here: " + WHY);
      assertHeld(target, "native", 4 * MIB, "resident pages not counted here: " + WHY);
      assertHeld(target, "plain", 16 * MIB, "resident pages not counted here: " + WHY);
      assertThat(InProcess.run("status", pid).done())
          .contains("plan heap: fill ratio not enforced on the heap here: " + WHY);
      assertThat(InProcess.run("release", pid, "--gc").done())
          .contains("plan heap in JVM " + pid + ": released 16 MiB")
          .contains("plan native in JVM " + pid + ": released 16 MiB");
      Plans.awaitNoControlFile(target);
      assertThat(target.ask("hello")).isEqualTo("echo hello");
    }
  }

  private static AbstractStringAssert<?> attach(Target target, String name, String fill) {
    String area = name.equals("native") ? "native" : "heap";
    return assertThat(
        InProcess.run("attach", target.pid(), "-n", name, "-a", area, "-x", 16, "-f", fill).done());
  }

  private static void assertHeld(Target target, String name, long touched, String message) {
    Status held = Plans.await(target, name, Phase.HOLDING);
    assertThat(held.message).startsWith(message);
    assertThat(held.get(Reading.COMMITTED)).isEqualTo(16 * MIB);
    assertThat(held.get(Reading.TOUCHED)).isEqualTo(touched);
    assertThat(held.get(Reading.RESIDENT)).isEqualTo(Reading.UNKNOWN);
  }

  /** Unsafe throws an IllegalArgumentException for a size beyond 4 GiB. */
  @Test
  void aBlockBeyondTheAddressSpaceExhaustsTheArea() throws Exception {
    try (Target target = Target.start(ForeignJdk.i386(), "-Xmx64m")) {
      InProcess.run("attach", target.pid(), "-a", "native", "-m", "5g", "-x", "5g", "-f", 0).done();
      assertThat(Plans.await(target, Phase.EXHAUSTED).message)
          .contains("the C library has no more memory");
      assertThat(InProcess.run("release", target.pid()).done()).contains("released 0 MiB");
    }
  }

  @Test
  void aLauncherRunsThereToo() {
    Jdk jdk = ForeignJdk.i386();
    try (Target target = Target.start(jdk, "-Xmx64m")) {
      Object pid = target.pid();
      assertThat(run(jdk, "attach", pid, "-x", 8).done())
          .startsWith("plan default in JVM %s: 8 blocks".formatted(pid));
      Plans.await(target, Phase.HOLDING);
      assertThat(run(jdk, "status", pid).done()).contains("HOLDING", "8 MiB");
      assertThat(run(jdk, "release", pid).done()).contains("released 8 MiB");
    }
  }

  private static Cli run(Jdk jdk, Object... arguments) {
    List<String> words = new ArrayList<>(List.of(jdk.java(), ForeignJdk.STARTS_PROGRAMS_OF_HERE));
    words.addAll(List.of("-jar", Cli.JAR.toString()));
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return Cli.of(words, "");
  }
}
