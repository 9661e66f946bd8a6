package io.allocmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answer of the agent to the launcher, in a directory with write access for others. */
class AgentTest {
  @TempDir private Path directory;
  private Path answer;

  @BeforeEach
  void setUp() {
    answer = directory.resolve("agent.jar.answer");
  }

  private void bringAnAgentThatIsNoJar() {
    Agent.agentmain("jar=" + directory.resolve("agent.jar") + ",x=1", null);
  }

  @Test
  void anAnswerIsWrittenToTheFileThatWasLaidForIt() throws IOException {
    Files.createFile(answer);
    bringAnAgentThatIsNoJar();
    assertThat(answer).content().startsWith("refused: java.lang.ClassNotFoundException");
  }

  @Test
  void aFileThatALinkLeadsToIsLeftAsItIs() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "somebody's");
    Files.createSymbolicLink(answer, other);
    bringAnAgentThatIsNoJar();
    assertThat(other).content().isEqualTo("somebody's");
  }

  @Test
  void nothingIsMadeWhereNoFileWasLaid() {
    bringAnAgentThatIsNoJar();
    assertThat(directory).isEmptyDirectory();
  }
}
