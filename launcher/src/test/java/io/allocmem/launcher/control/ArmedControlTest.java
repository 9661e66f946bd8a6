package io.allocmem.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.control.ArmedFile;
import io.allocmem.control.ArmedLayout;
import io.allocmem.control.ArmedRequest;
import io.allocmem.control.ChannelLock;
import io.allocmem.control.ControlLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both ends of the file of an armed agent; the test is the agent, in its own JVM. */
class ArmedControlTest {
  private static final long PID = ProcessHandle.current().pid();
  private static final String PLAN = "m=1,x=2,a=native";
  private static final int STARTED = 2040;

  private ArmedFile agent;
  private ArmedControl launcher;
  private ArmedControl other;

  @BeforeEach
  void arm() throws IOException {
    agent =
        ArmedFile.create(
            "9.9",
            "armed,ttl=1h,by=me@here",
            System.currentTimeMillis() + 90_000,
            new ChannelLock());
    launcher = ArmedControl.find(PID);
    other = ArmedControl.find(PID);
  }

  @AfterEach
  void disarm() throws IOException {
    launcher.close();
    other.close();
    agent.close();
  }

  @Test
  void aRequestIsAnsweredWithAllLines() throws IOException {
    SentRequest sent = launcher.send(ArmedRequest.START, PLAN, 5_000);
    assertThat(sent.await(0)).isNull();
    assertThat(agent.poll()).isEqualTo(ArmedRequest.START);
    assertThat(agent.plan()).isEqualTo(PLAN);
    agent.answer("accepted: a plan\nheld".getBytes(StandardCharsets.UTF_8));
    assertThat(sent.await(1_000)).isEqualTo("accepted: a plan\nheld");
  }

  @Test
  void theRequestOfAnotherLauncherIsWaitedFor() throws Exception {
    SentRequest first = launcher.send(ArmedRequest.START, PLAN, 5_000);
    CompletableFuture<SentRequest> second = sendByOther();
    assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS)).isNotNull();
    assertThat(agent.poll()).isEqualTo(ArmedRequest.START);
    assertThat(agent.plan()).isEqualTo(PLAN);
    agent.answer("refused: first".getBytes(StandardCharsets.UTF_8));
    SentRequest next = second.get(5, TimeUnit.SECONDS);
    assertThat(first.await(0)).isEqualTo("refused: first");
    assertThat(agent.poll()).isEqualTo(ArmedRequest.DISARM);
    agent.answer("disarmed".getBytes(StandardCharsets.UTF_8));
    assertThat(next.await(0)).isEqualTo("disarmed");
    assertThat(first.await(0)).as("replaced by a later answer").isEmpty();
  }

  /** A launcher that was killed while it waited leaves a request. */
  @Test
  void aRequestThatIsTooLateForTheAgentIsReplaced() throws IOException {
    launcher.send(ArmedRequest.START, PLAN, -1);
    SentRequest second = other.send(ArmedRequest.START, PLAN, 5_000);
    assertThat(agent.poll()).isEqualTo(ArmedRequest.START);
    agent.answer("accepted: second".getBytes(StandardCharsets.UTF_8));
    assertThat(second.await(0)).isEqualTo("accepted: second");
  }

  /** A damaged number, of a broken tool of the same user, must not make the agent deaf for ever. */
  @Test
  void aRequestHasANumberThatIsNewForTheAgent() throws IOException {
    for (int damaged : new int[] {-5, Integer.MAX_VALUE, Integer.MIN_VALUE, 0}) {
      try (RandomAccessFile file = new RandomAccessFile(agent.path().toFile(), "rw")) {
        file.seek(ArmedLayout.REQUEST);
        file.writeInt(damaged);
      }
      if (agent.poll() != ArmedRequest.NONE) {
        agent.answer("refused: damaged".getBytes(StandardCharsets.UTF_8));
      }
      SentRequest sent = launcher.send(ArmedRequest.START, PLAN, 5_000);
      assertThat(agent.poll()).as("after %d", damaged).isEqualTo(ArmedRequest.START);
      agent.answer(("accepted: " + damaged).getBytes(StandardCharsets.UTF_8));
      assertThat(sent.await(0)).isEqualTo("accepted: " + damaged);
    }
  }

  @Test
  void aRequestThatWasWithdrawnStartsNothing() throws IOException {
    SentRequest sent = launcher.send(ArmedRequest.START, PLAN, 5_000);
    assertThat(sent.withdraw()).isNull();
    assertThat(agent.poll()).isEqualTo(ArmedRequest.NONE);
    other.send(ArmedRequest.START, PLAN, 5_000);
    assertThat(agent.poll()).isEqualTo(ArmedRequest.START);
  }

  @Test
  void aWithdrawalFindsTheAnswerOfAFasterAgent() throws IOException {
    SentRequest sent = launcher.send(ArmedRequest.START, PLAN, 5_000);
    assertThat(agent.poll()).isEqualTo(ArmedRequest.START);
    agent.answer("accepted: just now".getBytes(StandardCharsets.UTF_8));
    assertThat(sent.withdraw()).isEqualTo("accepted: just now");
  }

  @Test
  void aWithdrawalKeepsTheRequestOfAnotherLauncher() throws IOException {
    SentRequest late = launcher.send(ArmedRequest.START, PLAN, -1);
    other.send(ArmedRequest.DISARM, "", 5_000);
    assertThat(late.withdraw()).isNull();
    assertThat(agent.poll()).isEqualTo(ArmedRequest.DISARM);
  }

  @Test
  void theStateHasTheTimeLeftAndWhoArmed() {
    ArmedState state = ArmedState.of(PID);
    assertThat(state.toHuman()).isEqualTo("1m left, by me@here");
    assertThat(state.agentVersion()).isEqualTo("9.9");
    assertThat(state.protocol()).isEqualTo(ArmedLayout.PROTOCOL);
    assertThat(new ArmedState(1, "9.9", null, null).toHuman()).isEqualTo("yes");
    assertThat(new ArmedState(1, "9.9", null, null).caveat())
        .contains("version 9.9", "armed protocol 1 there, " + ArmedLayout.PROTOCOL + " here");
  }

  /** The pid was used again. */
  @Test
  void aFileOfAnotherStartTimeIsOfNoAgentHere() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(agent.path().toFile(), "rw")) {
      file.seek(STARTED);
      long started = file.readLong();
      file.seek(STARTED);
      file.writeLong(started - 100);
    }
    assertThat(ArmedState.of(PID)).isNull();
  }

  @Test
  void aFileWithoutARecordIsOfNoAgent() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(agent.path().toFile(), "rw")) {
      file.setLength(ControlLayout.SIZE);
    }
    assertThat(ArmedState.of(PID)).isNull();
  }

  private CompletableFuture<SentRequest> sendByOther() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return other.send(ArmedRequest.DISARM, "", 5_000);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }
}
