package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesRefusalTest {
  private static final long MIB = 1L << 20;

  @TempDir private Path kernel;

  private HugePages huge(String setting) throws IOException {
    Files.writeString(kernel.resolve("hpage_pmd_size"), "2097152\n");
    Files.writeString(kernel.resolve("enabled"), setting);
    return HugePages.in(kernel.toString(), "");
  }

  private static String refusal(String arguments, HugePages huge, long lockable)
      throws InvalidArguments {
    Preflight preflight = new Preflight();
    preflight.hugePages = huge;
    preflight.lockable = lockable;
    preflight.capacity = 1000 * MIB;
    HoldPlan plan = AgentArguments.parse(arguments);
    return preflight.refusal(plan.on(plan.pages() == PageKind.HUGE ? 2 * MIB : 4096));
  }

  @Test
  void hugePagesNeedAKernelThatHasThem() throws Exception {
    assertThat(refusal("x=10,m=2,a=native,pages=huge", huge("[always] madvise never"), 0)).isNull();
    assertThat(refusal("x=10,m=2,a=native,pages=huge", huge("always madvise [never]"), 0))
        .isEqualTo(
            "pages=huge gets no huge page: transparent huge pages are off on this machine: write"
                + " madvise to %s/enabled as root; without the option the plan takes normal pages"
                    .formatted(kernel));
    assertThat(refusal("x=10,m=2,a=native,pages=huge", null, 0)).as("unknown").isNull();
  }

  @ParameterizedTest
  @CsvSource({"1, 2m", "3, 4m", "5k, 2m"})
  void aBlockIsOfWholeHugePages(String block, String next) throws Exception {
    HugePages on = huge("always [madvise] never");
    assertThat(refusal("words=launcher,x=10,a=direct,pages=huge,m=" + block, on, 0))
        .isEqualTo(
            "--pages huge needs blocks of whole pages of 2 MiB: give -m %s or another multiple"
                .formatted(next));
  }

  @Test
  void aBlockIsOfWholeLockedPages() throws Exception {
    assertThat(refusal("x=10,a=native,pages=locked,m=5k", null, 100 * MIB))
        .isEqualTo(
            "pages=locked needs blocks of whole pages of 4 KiB: give m=8k or another multiple");
  }

  @Test
  void onlyTheTouchedPartIsLockedAndMustBeWithinTheLimit() throws Exception {
    assertThat(refusal("x=40,a=native,pages=locked,f=0.25", null, 10 * MIB)).isNull();
    assertThat(refusal("x=44,a=native,pages=locked,f=0.25", null, 10 * MIB))
        .isEqualTo(
            "pages=locked locks 11 MiB, and the kernel lets this process lock 10 MiB more"
                + " (RLIMIT_MEMLOCK, ulimit -l): raise the limit of the JVM with prlimit --memlock,"
                + " give the JVM CAP_IPC_LOCK, or ask for less");
    assertThat(refusal("x=50%,a=mapped,pages=locked", null, 499 * MIB)).contains("locks 500 MiB");
  }

  @Test
  void aPlanWithoutAFixedEndNeedsOneBlock() throws Exception {
    assertThat(refusal("x=0,m=4,a=native,pages=locked", null, 4 * MIB)).isNull();
    assertThat(refusal("until=90%,m=4,a=native,pages=locked", null, 4 * MIB - 1))
        .contains("locks 4 MiB");
  }

  @Test
  void anUnknownLimitOrNoneRefusesNothing() throws Exception {
    assertThat(refusal("x=900,a=native,pages=locked", null, LockLimit.UNKNOWN)).isNull();
    assertThat(refusal("x=900,a=native,pages=locked", null, LockLimit.NONE)).isNull();
    assertThat(refusal("x=900,a=native", null, 0)).as("normal").isNull();
  }
}
