package io.allocmem.launcher;

import io.allocmem.status.ControlDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The agent's jar, laid out of the launcher's own into the user's private control directory for as
 * long as a JVM needs to load it, with an empty file beside it for the answer. Closing removes
 * both: a JVM that comes for the jar later finds nothing, so an attach that was given up stays
 * given up.
 */
final class AgentJar implements Closeable {
  private final Path jar;

  private AgentJar(Path jar) {
    this.jar = jar;
  }

  static AgentJar lay() {
    try (InputStream inside = AgentJar.class.getResourceAsStream("/allocmem-agent.jar")) {
      if (inside == null) {
        throw new Failure("the agent is missing in this launcher: build it with mvn package");
      }
      AgentJar laid = new AgentJar(Files.createTempFile(ControlDirectory.own(), "agent-", ".jar"));
      Files.copy(inside, laid.jar, StandardCopyOption.REPLACE_EXISTING);
      Files.createFile(laid.answerFile());
      return laid;
    } catch (IOException e) {
      throw new Failure("cannot lay the agent's jar: " + e.getMessage(), e);
    }
  }

  Path path() {
    return jar;
  }

  /** What the agent said; empty when it said nothing. */
  String answer() throws IOException {
    return Files.readString(answerFile(), StandardCharsets.UTF_8);
  }

  private Path answerFile() {
    return Path.of(jar + ".answer");
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(jar);
    Files.deleteIfExists(answerFile());
  }
}
