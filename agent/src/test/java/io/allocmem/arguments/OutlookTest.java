package io.allocmem.arguments;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.plan.Preflight;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The course of a plan names bytes behind percentages, the pace, the end and what follows. */
class OutlookTest {
  private static final long MIB = 1 << 20;
  private static final long MACHINE = 24064 * MIB;

  private final Preflight preflight = new Preflight();

  private List<String> outlook(String arguments, long used) throws InvalidArguments {
    preflight.containerCapacity = MACHINE;
    preflight.containerLimited = false;
    preflight.processors = 8;
    preflight.used = used;
    preflight.usedWithGarbage = used;
    return Outlook.of(AgentArguments.parse(arguments), preflight);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x=5; held until a release",
        "x=5,t=3; takes blocks with 3 threads at once/held until a release",
        "x=5,t=cores; takes blocks with 8 threads at once/held until a release",
        "x=5,d=10m; released 10m after the first block",
        "x=5,lease=30s; released if not renewed within 30s",
        "x=5,d=1h,lease=30s; released 1h after the first block/released if not renewed within 30s",
        "x=5,b; waits for a resume before the first block/held until a release",
        "x=5,w=3s; waits 3s before the first block/held until a release",
        "x=5,e=1s; a block of 1 MiB every 1s: full after 4s/held until a release",
        "x=500,e=1s; a block of 1 MiB every 1s: full after 499s/held until a release",
        "x=0,e=1s; a block of 1 MiB every 1s/held until a release",
        "x=11,rate=2m/s; a block of 1 MiB every 500ms: full after 5s/held until a release",
        "x=11,over=10m; a block of 1 MiB every 1m: full after 10m/held until a release",
        "x=10%,m=10,over=90s; 10 % of the Java heap's 1000 MiB = 100 MiB"
            + "/a block of 10 MiB every 10s: full after 90s/held until a release",
        "x=5,then=release; at the limit: released",
        "x=5,then=release,hold=5s; at the limit: held 5s, then released",
        "x=5,then=cycle; at the limit: held 30s, then released, and from the start",
        "x=5,then=rotate,e=10; a block of 1 MiB every 10ms: full after 40ms"
            + "/at the limit: a new block for the oldest block, every 10ms",
        "x=5,then=ramp-down; at the limit: released block after block",
        "x=50%; 50 % of the Java heap's 1000 MiB = 500 MiB/held until a release",
        "x=10%,m=10,e=1s; 10 % of the Java heap's 1000 MiB = 100 MiB"
            + "/a block of 10 MiB every 1s: full after 9s/held until a release",
        "x=50%,a=direct; 50 % of direct memory's 1000 MiB = 500 MiB/held until a release",
        "x=5,keep-free=10%; stays free: 10 % of the Java heap's 1000 MiB = 100 MiB/held until a release",
        "x=5,keep-free=64m; stays free: 64 MiB/held until a release",
        "x=5,keep-free=64m,reserve=9m; stays free: 64 MiB/stays free in the container besides: 9 MiB/held until a release",
        "until=85%; level 85 % of the Java heap's 1000 MiB = 850 MiB, 300 MiB used now: takes 550 MiB now"
            + "/held until a release",
        "until=400m; level 400 MiB, 300 MiB used now: takes 100 MiB now/held until a release",
        "until=200m; level 200 MiB, 300 MiB used now: takes 0 MiB now/held until a release"
      })
  void theCourseOfAPlanIsToldInFull(String arguments, String sentences) throws InvalidArguments {
    preflight.capacity = 1000 * MIB;
    assertThat(outlook(arguments, 300 * MIB)).containsExactly(sentences.split("/"));
  }

  @ParameterizedTest
  @CsvSource({"native", "mapped", "stack", "metaspace"})
  void anAreaWithoutALimitOfItsOwnHasTheMachinesCapacity(String area) throws InvalidArguments {
    preflight.capacity = MACHINE;
    assertThat(outlook("x=50%,a=" + area, -1))
        .startsWith("50 % of this machine's 23.5 GiB = 11.8 GiB");
  }

  @Test
  void aContainerIsNamedWhereThereIsOne() throws InvalidArguments {
    preflight.capacity = MACHINE;
    outlook("x=1", -1);
    preflight.containerLimited = true;
    assertThat(Outlook.of(AgentArguments.parse("x=50%,a=native"), preflight))
        .startsWith("50 % of the container's 23.5 GiB = 11.8 GiB");
  }

  @Test
  void metaspaceWithALimitOfItsOwnIsNamed() throws InvalidArguments {
    preflight.capacity = 64 * MIB;
    assertThat(outlook("x=50%,a=metaspace", -1)).startsWith("50 % of metaspace's 64 MiB = 32 MiB");
  }

  @Test
  void garbageMakesARangeOfTheBytesThatALevelTakes() throws InvalidArguments {
    preflight.capacity = 1000 * MIB;
    preflight.used = 100 * MIB;
    preflight.usedWithGarbage = 400 * MIB;
    assertThat(Outlook.of(AgentArguments.parse("until=300m"), preflight).get(0))
        .isEqualTo(
            "level 300 MiB, 100 MiB to 400 MiB used now (with garbage): takes 0 MiB to 200 MiB now");
    preflight.used = -1;
    assertThat(Outlook.of(AgentArguments.parse("until=500m"), preflight).get(0))
        .isEqualTo("level 500 MiB, 400 MiB used now: takes 100 MiB now");
  }

  @Test
  void unknownFiguresAreNotInvented() throws InvalidArguments {
    assertThat(outlook("until=85%", 5)).startsWith("level 85 %");
    assertThat(outlook("x=50%", 5)).containsExactly("held until a release");
    assertThat(outlook("x=50%,e=1s", 5)).startsWith("a block of 1 MiB every 1s");
    assertThat(outlook("x=50%,over=5m", 5)).startsWith("full after 5m");
    preflight.capacity = 1000 * MIB;
    assertThat(outlook("until=85%", -1).get(0))
        .isEqualTo("level 85 % of the Java heap's 1000 MiB = 850 MiB, current usage not known");
  }
}
