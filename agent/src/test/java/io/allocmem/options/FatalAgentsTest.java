package io.allocmem.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recognition of agents that end a JVM, in each option that loads an agent. */
class FatalAgentsTest {
  @ParameterizedTest
  @CsvSource({
    "-agentpath:/opt/libjvmkill.so, jvmkill",
    "'-agentpath:/app/.java-buildpack/jvmkill-1.16.0_RELEASE.so=printHeapHistogram=1', jvmkill",
    "-agentlib:jvmkill, jvmkill",
    "'-agentlib:jvmquake=30,1,10', jvmquake",
    "-Xrunjvmkill:a=b, jvmkill",
    "'-agentlib:jdwp=transport=jvmkill',",
    "-agentpath:/opt/jvmkill/libother.so,",
    "-javaagent:/opt/jvmkill.jar,",
    "-Djvmkill=1,",
  })
  void anOptionLoadsAFatalAgent(String option, String agent) {
    assertThat(FatalAgents.loadedBy(option)).isEqualTo(agent);
  }

  @Test
  void aMappedLibraryIsAFatalAgent() throws IOException {
    String before = "7f00-7f01 r--p 00000000 08:01 12    /opt/jvmkill/lib.so\n".repeat(300);
    assertThat(mapped(before)).isNull();
    assertThat(mapped(before + "7f r-xp 0 8:1 1  /x/libjvmkill-2.so (deleted)\n" + before))
        .isEqualTo("jvmkill");
    assertThat(FatalAgents.here()).isNull();
  }

  private static String mapped(String text) throws IOException {
    return FatalAgents.mapped(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
