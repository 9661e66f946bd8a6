package io.allocmem.arguments;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.control.ControlLayout;
import io.allocmem.plan.AreaKind;
import io.allocmem.plan.AtLimit;
import io.allocmem.plan.HoldPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentArgumentsTest {
  @Test
  void shortKeysAreTheReferenceToolsLetters() throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse("m=100,x=2048,f=0.25,e=50,b,p=5");
    assertThat(plan.blockSize().bytes()).isEqualTo(100 << 20);
    assertThat(plan.limit().bytes()).isEqualTo(2048L << 20);
    assertThat(plan.fill().share()).isEqualTo(0.25);
    assertThat(plan.delay()).isEqualTo(Duration.ofMillis(50));
    assertThat(plan.breaksFirst()).isTrue();
    assertThat(plan.statsEvery()).isEqualTo(5);
  }

  @Test
  void onlyTheLimitIsRequiredAndTheRestHasDefaults() throws InvalidArguments {
    HoldPlan plan = AgentArguments.parse("x=7");
    assertThat(AgentArguments.print(plan))
        .isEqualTo(
            "m=1m,x=7m,keep-free=0,f=1,k=on,e=0,w=0,d=0,lease=0,then=hold,b=false,oom=refuse,p=0,"
                + "a=heap,n=default,l=false,log=stderr,jmx=auto");
    assertThatThrownBy(() -> AgentArguments.parse(null))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageContaining("how much? x=512m, x=50% or until=85%; options: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=0",
        "m=100,x=2048,f=0.25",
        "m=512k,x=3g,w=3s,d=10m",
        "x=50%,keep-free=10%,lease=30s",
        "x=12.5%,keep-free=100m,reserve=64m,oom=allow",
        "until=85%",
        "until=3g,then=hold",
        "x=9,log=off",
        "x=9,jmx=on",
        "x=9,by=a.b-c_d@host (pid 4711)",
        "x=9,log=logs/a b=c.log",
        "x=9,then=cycle",
        "x=9,then=cycle,hold=5s",
        "x=9,then=release,hold=5s",
        "x=9,then=rotate,e=10",
        "x=9,then=ramp-down,e=10",
        "x=9,f=0.123456789%",
        "x=9,f=99.999999999%",
        "x=9,t=4",
        "x=9,threads=CORES",
        "x=9,pages=HUGE,a=native",
        "x=9,f=0.00000000001",
        "m=512k,x=3g,f=33.5%,k=off,e=2m,b,p=9,a=native,n=other-1,l",
        "block=64m,limit=2g,fill=25%,delay=1s,break=true,stats-every=3,area=native,name=a,log-blocks"
      })
  void whatIsPrintedIsReadBackAsTheSamePlan(String arguments) throws InvalidArguments {
    String printed = AgentArguments.print(AgentArguments.parse(arguments));
    assertThat(AgentArguments.print(AgentArguments.parse(printed))).isEqualTo(printed);
  }

  @Test
  void longNamesMeanTheSameAsShortOnes() throws InvalidArguments {
    String longNames =
        "block=100m,limit=2g,fill=25%,delay=1s,break,stats-every=5,area=native,name=n";
    assertThat(AgentArguments.print(AgentArguments.parse(longNames)))
        .isEqualTo(
            AgentArguments.print(
                AgentArguments.parse("m=100,x=2048,f=0.25,e=1000,b,p=5,a=native,n=n")));
  }

  @ParameterizedTest
  @CsvSource({"true, on", "false, off", "on, on", "off, off", "auto, auto"})
  void jmxIsAlsoAFlag(String given, String meant) throws InvalidArguments {
    assertThat(AgentArguments.parse("x=1,jmx=" + given).jmx()).hasToString(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=1,m=4k",
        "x=1,m=8188m",
        "x=1,lease=1s",
        "x=1,m=2047m,a=direct",
        "x=9007199254740988k,m=4k,a=native"
      })
  void aValueAtTheBoundOfARuleIsAccepted(String arguments) throws InvalidArguments {
    assertThat(AgentArguments.print(AgentArguments.parse(arguments))).contains("x=");
  }

  @Test
  void valuesOfOptionsMakeTheSamePlanAsTheirText() throws InvalidArguments {
    HoldPlan plan =
        AgentArguments.plan(Map.of(PlanOption.LIMIT, "7", PlanOption.LOG_BLOCKS, "true"));
    assertThat(AgentArguments.print(plan))
        .isEqualTo(AgentArguments.print(AgentArguments.parse("x=7,l")));
    assertThat(plan.logsBlocks()).isTrue();
  }

  @Test
  void pagesAreTouchedAgainUnlessThePlanSaysOtherwise() throws InvalidArguments {
    assertThat(AgentArguments.parse("x=7").keepsResident()).isTrue();
    assertThat(AgentArguments.parse("x=7,k=off").keepsResident()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x=4q; option x=4q: a size is",
        "x=-1; option x=-1: a size is not negative",
        "x=99999999999999999999; option x=99999999999999999999: a size is at most 8 EiB",
        "x=0%; option x=0%: a limit of 0% would allocate nothing; 0 allocates until memory runs out",
        "x=1,lease=999ms; a lease is at least 1s",
        "x=1,d=-1; option d=-1: a time is not negative",
        "x=1,d=99999999999999999999h; a time is at most 365 days",
        "x=; option x=: a size is",
        "x=1,m=0; a block is at least 4 KiB",
        "x=1,m=9g; one block in the Java heap is at most 8188 MiB",
        "x=1,m=99999999999999999g; a size is at most 8 EiB",
        "x=8589934591g,m=8589934590g,a=native; over 8 EiB",
        "x=1,f=1.01; option f=1.01: a fill ratio is 0 to 1",
        "x=1,f=101%; option f=101%: a fill ratio",
        "x=1,f=NaN; option f=NaN: a fill ratio",
        "x=1,f=-0.1; option f=-0.1: a fill ratio",
        "x=1,e=1w; option e=1w: a time is",
        "x=1,e=9999h; a time is at most 365 days",
        "x=1,p=-1; option p=-1: a count is",
        "x=1,b=yes; option b=yes: a flag is true or false",
        "x=1,a=gpu; option a=gpu: an area is one of heap, objects, native, direct, mapped, metaspace, stack",
        "x=1,a=objects,f=0.5; a fill ratio has no meaning for small objects on the Java heap",
        "x=1,t=0; option t=0: it is a number of threads, 1 to the processors of the JVM, or cores",
        "x=1,t=10000; option t=10000: it is a number of threads",
        "x=1,t=-1; option t=-1: it is a number of threads",
        "x=1,t=all; option t=all: it is a number of threads",
        "x=1,pages=big; option pages=big: pages are normal, huge or locked",
        "x=1,pages=huge; pages=huge is not for the Java heap: give a=native, a=direct",
        "x=1,a=mapped,pages=huge; pages=huge is not for mapped files: give a=native, a=direct",
        "x=1,a=stack,pages=locked; pages=locked is not for thread stacks: give a=native, a=direct, a=mapped",
        "x=1,a=stack,t=2; t is 1 in thread stacks: several threads take no memory faster there",
        "x=1,a=metaspace,t=cores; t is 1 in metaspace: several threads take no memory faster there",
        "x=1,a=metaspace,f=0; a fill ratio has no meaning for metaspace",
        "x=1,m=2g,a=direct; one block in direct memory is at most 2047 MiB",
        "x=1,b,w=1s; b and w exclude each other: a plan waits for a resume or for a time",
        "x=101%; option x=101%: a percentage is at most 100%",
        "x=-5%; option x=-5%: a percentage is 0% to 100%",
        "x=1,rate=10m; option rate=10m: a rate is a size in a time: 10m/s, 600m/min, 1g/h",
        "x=1,rate=10%/s; option rate=10%/s: a rate is",
        "x=1,rate=0/s; a rate is a size above 0 in a time above 0",
        "x=1,rate=1/0s; a rate is a size above 0 in a time above 0",
        "x=1,rate=1/5; 5 what? 5s or 5ms",
        "x=1,rate=10m/; option rate=10m/: a time is",
        "x=1,rate=1k/d; at this rate a block would take over 365 days: give a smaller block",
        "x=1,rate=1m/s,e=5; e, rate and over exclude each other",
        "x=9,rate=1m/s,over=5s; e, rate and over exclude each other",
        "x=9,over=5s,e=1s; e, rate and over exclude each other",
        "x=0,over=5s; over needs a limit above 0: the time to that limit; with until, give rate=10m/s",
        "until=50%,over=5s; over needs a limit above 0",
        "x=1,over=5s; over needs two blocks or more: one block of 1 MiB reaches the limit at once",
        "x=9,over=5; option over=5: 5 what? 5s or 5ms",
        "preset=leak; option preset=leak: a preset is one of slow-leak, near-full, above-xmx, churn, saw-tooth",
        "x=1,until=85%; x and until exclude each other: set one amount or one usage level",
        "until=0; until must be more than 0",
        "until=101%; option until=101%: a percentage is at most 100%",
        "x=1,keep-free=100%; keep-free must be less than 100%",
        "x=1,reserve=9m; reserve needs keep-free or until: another plan measures no usage",
        "x=0,then=cycle; then=cycle needs a limit above 0 (x): the action follows at the limit",
        "until=80%,then=release; then=release needs a limit above 0",
        "x=1,hold=1s; hold has no effect with then=hold: the time is before a release, cycle or ramp-down",
        "x=1,then=rotate; then=rotate needs a delay (e)",
        "x=1,then=cycle,hold=0; then=cycle needs a delay (e) or a hold: without",
        "x=1,then=stop; option then=stop: then is one of hold, release, cycle, rotate, ramp-down",
        "x=1,oom=maybe; option oom=maybe: it is allow or refuse",
        "x=1,log=; option log=: a path is 1 to 700 characters, without a comma",
        "x=1,log=a,b.log; unknown option 'b.log'",
        "x=1,jmx=yes; option jmx=yes: jmx is on, off or auto",
        "x=1,by=; option by=: it is 1 to 64 letters, digits, spaces or _ - . @ ( )",
        "x=1,by=a/b; it is 1 to 64 letters",
        "x=1,main=Service; option main=Service: main is for -javaagent, once; attach gets the JVM from its command line",
        "x=1,words=none; option words=none: words is agent or launcher",
        "x=1,main=; option main=: a part of a main class or jar name is not empty",
        "x=1,n=../x; option n=../x: a name is",
        "x=1,q=1; unknown option 'q'",
        "x=1,; unknown option ''",
        "x=1,=1; unknown option ''",
        "x; option x needs a value: x=AMOUNT",
        "x=1,limit=2; option limit is given twice"
      })
  void aRefusalNamesOptionValueRuleAndTheValidOptions(String arguments, String sentence) {
    assertThatThrownBy(() -> AgentArguments.parse(arguments))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageContaining(sentence)
        .hasMessageEndingWith("options: " + InvalidArguments.allNames());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%s", "x=%s", "n=%s,x=1", "x=1,log=%s", "x=0,then=cycle,log=%2$s,by=%2$s"})
  void aRefusalIsShortHoweverLongTheArgumentsAre(String arguments) {
    String given = String.format(arguments, repeated(5000), repeated(64));
    assertThatThrownBy(() -> AgentArguments.parse(given))
        .isInstanceOf(InvalidArguments.class)
        .hasMessageMatching("(?s).{1,1000}");
  }

  private static String repeated(int count) {
    return new String(new char[count]).replace('\0', 'a');
  }

  @Test
  void aRefusalIsShortInBytesAndShowsNoControlCharacter() {
    String much = "\u20ac\u001b".repeat(5000);
    for (String arguments :
        List.of(
            much,
            "x=" + much,
            "x=1," + much + "=1",
            "x=1,until=1,log=" + "\u20ac".repeat(200),
            "x=1,by=" + much,
            "x=1,log=" + much)) {
      assertThatThrownBy(() -> AgentArguments.parse(arguments))
          .isInstanceOf(InvalidArguments.class)
          .satisfies(
              refusal ->
                  assertThat(("refused: " + refusal.getMessage()).getBytes(UTF_8))
                      .hasSizeLessThanOrEqualTo(1000))
          .hasMessageNotContaining("\u001b")
          .hasMessageContaining("options: m|block, ");
    }
  }

  /**
   * Each option has its longest accepted value: the control file must hold all accepted arguments.
   */
  @Test
  void argumentsOfAnyAcceptedLengthFitTheControlFile() throws InvalidArguments {
    String longest =
        "m=1048575k,x=8999999999999999k,keep-free=99.999%,f=0.123456789,k=off,e=31535999999"
            + ",w=31535999999ms,d=31535999999ms,lease=31535999999ms,then=ramp-down,hold=31535999999ms"
            + ",oom=refuse,p=999999999,a=native,n="
            + "n".repeat(40)
            + ",l=false,jmx=auto,by="
            + "b".repeat(64)
            + ",log="
            + "\u20ac".repeat(200)
            + ",words=launcher";
    HoldPlan plan = AgentArguments.parse(longest);
    String printed = AgentArguments.print(plan);
    assertThat(AgentArguments.print(AgentArguments.parse(printed))).isEqualTo(printed);
    assertThat(printed.getBytes(UTF_8)).hasSizeBetween(900, AgentArguments.MOST_BYTES);
    assertThat(AgentArguments.MOST_BYTES + 50)
        .as("and once a share has become a sum")
        .isLessThan(ControlLayout.ARGUMENTS_BYTES);
    assertThatThrownBy(() -> AgentArguments.parse("x=1,log=\ud83d"))
        .hasMessageContaining("a path is text that UTF-8 can encode");
  }

  @Test
  void theSawToothCanBeSeenWhenNoHoldIsGiven() throws InvalidArguments {
    assertThat(AgentArguments.parse("x=1,then=cycle").hold()).isEqualTo(Duration.ofSeconds(30));
    assertThat(AgentArguments.parse("x=1,then=release").hold()).isEqualTo(Duration.ZERO);
  }

  @Test
  void allNamesAreInARefusal() {
    assertThat(InvalidArguments.allNames())
        .isEqualTo(
            "m|block, x|limit, until, keep-free, reserve, f|fill, k|keep-resident, pages, e|delay, rate, over, t|threads, w|wait,"
                + " d|duration, lease, then, hold|hold-time, b|break, oom, stop-if, stalls, p|stats-every, a|area, n|name,"
                + " l|log-blocks, log, jmx, by, preset, words, main");
  }

  @Test
  void theWordsInTheHelpAreTheWordsThatAre() {
    for (AtLimit afterwards : AtLimit.values()) {
      assertThat(PlanOption.THEN.help()).contains(afterwards.toString());
    }
  }

  @Test
  void theAreasInTheHelpAreTheAreasThatAre() {
    for (AreaKind kind : AreaKind.values()) {
      assertThat(PlanOption.AREA.help()).contains(kind.toString());
    }
  }
}
