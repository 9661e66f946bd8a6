package io.allocmem.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.arguments.InvalidArguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks before a plan: a heap of 1000 MiB with 300 MiB used, in a container of 2000 MiB. */
class PreflightTest {
  private static final long MIB = 1L << 20;

  private static Preflight preflight(String fatalFlag) {
    Preflight preflight = new Preflight();
    preflight.capacity = 1000 * MIB;
    preflight.used = 300 * MIB;
    preflight.containerCapacity = 2000 * MIB;
    preflight.fatalFlag = fatalFlag;
    return preflight;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "m=1001,x=0; a block of 1001 MiB is larger than the Java heap, 1000 MiB",
        "until=20%; until=20% is below the current usage of the Java heap: 300 MiB of 1000 MiB",
        "until=1001m; until=1001m is more than the Java heap, 1000 MiB",
        "x=1,keep-free=1g; keep-free=1g is more than the Java heap, 1000 MiB",
        "x=1,keep-free=1000m; keep-free=1000m is all of the Java heap, 1000 MiB",
        "until=85%,keep-free=30%; until=85% and keep-free=30% contradict each other: together they are more than the Java heap, 1000 MiB"
      })
  void aPlanThatDoesNotFitIsRefusedInOneSentence(String arguments, String sentence)
      throws InvalidArguments {
    assertThat(preflight(null).refusal(AgentArguments.parse(arguments))).isEqualTo(sentence);
  }

  @Test
  void aPlanOfMoreThreadsThanProcessorsIsRefused() throws Exception {
    Preflight preflight = preflight(null);
    preflight.processors = 2;
    assertThat(preflight.refusal(AgentArguments.parse("x=1,t=3")))
        .isEqualTo("t=3 is more than the processors of the JVM, 2: give at most 2, or t=cores");
    assertThat(preflight.refusal(AgentArguments.parse("x=1,t=3,words=launcher")))
        .isEqualTo("-t 3 is more than the processors of the JVM, 2: give at most 2, or -t cores");
    assertThat(preflight.refusal(AgentArguments.parse("x=1,t=2"))).isNull();
    assertThat(preflight.refusal(AgentArguments.parse("x=1,t=cores"))).isNull();
    assertThat(preflight(null).refusal(AgentArguments.parse("x=1,t=3"))).as("unknown").isNull();
  }

  @Test
  void aTimeToAShareOfOneBlockIsRefused() throws Exception {
    Preflight preflight = new Preflight();
    preflight.capacity = 100 << 20;
    assertThat(preflight.refusal(AgentArguments.parse("x=1%,over=5s")))
        .isEqualTo("over needs two blocks or more: one block of 1 MiB reaches the limit at once");
    assertThat(preflight.refusal(AgentArguments.parse("x=2%,over=5s"))).isNull();
  }

  @Test
  void aShareOfSomethingUnknownIsRefused() throws InvalidArguments {
    assertThat(new Preflight().refusal(AgentArguments.parse("x=50%,a=direct")))
        .isEqualTo("a percentage of direct memory needs its size, which is not known here");
    assertThat(new Preflight().refusal(AgentArguments.parse("x=50,a=direct"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x=0", "x=601", "x=61%", "x=0,a=objects", "x=1,m=1,a=stack"})
  void whatCanEndInAnErrorIsRefusedWhereThatIsFatal(String arguments) throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse(arguments);
    assertThat(preflight(null).refusal(plan)).isNull();
    assertThat(preflight("-XX:+ExitOnOutOfMemoryError").refusal(plan))
        .contains("this JVM has -XX:+ExitOnOutOfMemoryError", "oom=allow");
    HoldPlan allowed = AgentArguments.parse(arguments + ",oom=allow");
    assertThat(preflight("-XX:+ExitOnOutOfMemoryError").refusal(allowed)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x=600", "x=60%", "until=80%", "x=0,keep-free=10%", "x=0,a=native"})
  void whatCannotEndInAnErrorIsNotRefused(String arguments) throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse(arguments);
    assertThat(preflight("-XX:+ExitOnOutOfMemoryError").refusal(plan)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=1,keep-free=1%",
        "x=1,keep-free=1m,a=stack",
        "until=50%,a=native",
        "until=psi:20%,a=native",
        "until=psi:20%,a=direct",
        "x=5%,a=stack"
      })
  void withoutTheContainersLimitNothingIsPromised(String arguments) throws InvalidArguments {
    Preflight unreadable = preflight(null);
    unreadable.containerProblem = "its cgroup /c1 (memory) is not mounted there";
    assertThat(unreadable.refusal(AgentArguments.parse(arguments)))
        .startsWith("the memory limit of the container cannot be read")
        .contains(": its cgroup /c1 (memory) is not mounted there; mount");
    for (String own : new String[] {"until=50%", "until=gc:25%", "until=50%,a=direct"}) {
      assertThat(unreadable.refusal(AgentArguments.parse(own))).as(own).isNull();
    }
    assertThat(unreadable.refusal(AgentArguments.parse("x=10,a=native"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"m=1000,x=0", "until=30%", "until=100%", "until=85%,keep-free=15%"})
  void aPlanThatFitsExactlyIsAccepted(String arguments) throws InvalidArguments {
    assertThat(preflight(null).refusal(AgentArguments.parse(arguments))).isNull();
  }

  @Test
  void aCapacityOfNothingIsKnown() throws InvalidArguments {
    Preflight none = preflight(null);
    none.capacity = 0;
    assertThat(none.refusal(AgentArguments.parse("x=50%")))
        .isEqualTo("a block of 1 MiB is larger than the Java heap, 0 MiB");
  }

  @Test
  void keepFreeMustFitInTheContainerIfTheLimitIsKnown() throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse("x=1,keep-free=600m");
    Preflight small = preflight(null);
    small.containerCapacity = 500 * MIB;
    assertThat(small.refusal(plan)).isEqualTo("keep-free=600m is more than the container, 500 MiB");
    small.containerLimited = false;
    assertThat(small.refusal(plan)).isEqualTo("keep-free=600m is more than the machine, 500 MiB");
    small.containerCapacity = -1;
    assertThat(small.refusal(plan)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"1000,true", "2000,false", "3000,false"})
  void metaspaceIsAtRiskIfItsOwnLimitIsBelowTheContainers(long mib, boolean risky)
      throws InvalidArguments {
    Preflight preflight = preflight("-XX:+ExitOnOutOfMemoryError");
    preflight.capacity = mib * MIB;
    String refusal = preflight.refusal(AgentArguments.parse("x=0,a=metaspace"));
    assertThat(refusal != null).isEqualTo(risky);
  }

  @ParameterizedTest
  @CsvSource({"1000,true", "2000,false"})
  void aShareOfMetaspaceNeedsTheContainerUnlessMetaspaceHasALimit(long mib, boolean limited)
      throws InvalidArguments {
    Preflight unreadable = preflight(null);
    unreadable.capacity = mib * MIB;
    unreadable.containerProblem = "not mounted";
    String refusal = unreadable.refusal(AgentArguments.parse("until=50%,a=metaspace"));
    assertThat(refusal == null).isEqualTo(limited);
  }

  @Test
  void aRefusalNamesOptionsThatCannotBeReadAndTheRemedyForTheArea() throws InvalidArguments {
    Preflight unread = preflight(null);
    unread.unread = "@flags";
    assertThat(unread.refusal(AgentArguments.parse("x=0")))
        .contains("options that cannot be read, @flags, which may include one that acts")
        .contains("set a smaller limit, or give keep-free=10%, or accept the risk with oom=allow");
    assertThat(unread.refusal(AgentArguments.parse("x=1,m=1,a=stack")))
        .endsWith("even on a caught error: accept the risk with oom=allow");
  }

  @ParameterizedTest
  @CsvSource({
    "ExitOnOutOfMemoryError,true,-XX:+ExitOnOutOfMemoryError",
    "ExitOnOutOfMemoryError,false,",
    "OnOutOfMemoryError,kill -9 %p,-XX:OnOutOfMemoryError",
    "OnOutOfMemoryError,'',",
    "AbortVMOnException,java/lang/OutOfMemoryError,-XX:AbortVMOnException",
    "AbortVMOnException,MemoryError,-XX:AbortVMOnException",
    "AbortVMOnException,java.lang.StackOverflowError,",
    "AbortVMOnException,'',"
  })
  void aFlagIsFatalIfItsValueMeansAnOutOfMemoryError(String flag, String value, String option) {
    assertThat(Preflight.fatalOption(flag, value)).isEqualTo(option);
  }
}
