package io.allocmem.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ArmedFileTest {
  private static final String PLAN = "m=1,x=2,by=\u00e9";

  private ArmedFile armed;
  private RandomAccessFile launcher;

  @BeforeEach
  void arm() throws IOException {
    armed = ArmedFile.create("9.9", "armed,ttl=1h", 4711, new ChannelLock());
    launcher = new RandomAccessFile(armed.path().toFile(), "rw");
  }

  @AfterEach
  void disarm() throws IOException {
    launcher.close();
    armed.close();
    assertThat(armed.path()).doesNotExist();
  }

  private ArmedStatus status() throws IOException {
    return ArmedLayout.read(Files.readAllBytes(armed.path()));
  }

  private void ask(int sequence, int request, long deadline, String plan) throws IOException {
    byte[] sender = Sender.of(sequence, "one", 1).array();
    launcher.seek(ArmedLayout.DEADLINE);
    launcher.write(ArmedLayout.request(deadline, sender, plan));
    launcher.seek(ArmedLayout.REQUEST);
    launcher.write(ByteBuffer.allocate(8).putInt(sequence).putInt(request).array());
  }

  private static long soon() {
    return System.currentTimeMillis() + 60_000;
  }

  @Test
  void identifiesTheJvmAndOnlyItsUserCanUseIt() throws IOException {
    ArmedStatus status = status();
    assertThat(status.protocol).isEqualTo(ArmedLayout.PROTOCOL);
    assertThat(status.agentVersion).isEqualTo("9.9");
    assertThat(status.arguments).isEqualTo("armed,ttl=1h");
    assertThat(status.endsMillis).isEqualTo(4711);
    assertThat(status.started).isEqualTo(StartTime.of("self")).isPositive();
    assertThat(status.answer).isEmpty();
    assertThat(armed.path().getFileName())
        .hasToString(ProcessHandle.current().pid() + "." + ArmedLayout.NAME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(armed.path())))
        .isEqualTo("rw-------");
  }

  @Test
  void takesARequestOnceAndAnswers() throws IOException {
    assertThat(armed.poll()).isEqualTo(ArmedRequest.NONE);
    ask(1, ArmedRequest.START.ordinal(), soon(), PLAN);
    assertThat(armed.poll()).isEqualTo(ArmedRequest.START);
    assertThat(armed.plan()).isEqualTo(PLAN);
    armed.answer("accepted: \u00e9".getBytes(StandardCharsets.UTF_8));
    assertThat(status().acknowledged).isEqualTo(1);
    assertThat(status().answer).isEqualTo("accepted: \u00e9");
    assertThat(armed.poll()).isEqualTo(ArmedRequest.NONE);
    ask(2, ArmedRequest.DISARM.ordinal(), soon(), "");
    assertThat(armed.poll()).isEqualTo(ArmedRequest.DISARM);
  }

  @Test
  void aWithdrawnRequestAndARequestOfANewerLauncherStartNothing() throws IOException {
    ask(1, ArmedRequest.NONE.ordinal(), soon(), PLAN);
    assertThat(armed.poll()).isEqualTo(ArmedRequest.NONE);
    assertThat(status().acknowledged).isEqualTo(1);
    assertThat(status().answer).isEmpty();
    ask(2, ArmedRequest.values().length, soon(), PLAN);
    assertThat(armed.poll()).isEqualTo(ArmedRequest.NONE);
    assertThat(status().acknowledged).isEqualTo(2);
    assertThat(status().answer).startsWith("refused: the armed agent is too old");
  }

  @Test
  void anOldRequestStartsNothing() throws IOException {
    ask(1, ArmedRequest.START.ordinal(), System.currentTimeMillis() - 5, PLAN);
    assertThat(armed.poll()).isEqualTo(ArmedRequest.START);
    assertThatThrownBy(armed::plan).hasMessageContaining("ms too late");
  }

  @Test
  void aDamagedRequestStartsNothing() throws IOException {
    ask(1, ArmedRequest.START.ordinal(), soon(), PLAN);
    launcher.seek(ArmedLayout.PLAN + 3);
    launcher.write('?');
    assertThat(armed.poll()).isEqualTo(ArmedRequest.START);
    assertThatThrownBy(armed::plan).hasMessage("the request is damaged: try again");
    launcher.seek(ArmedLayout.PLAN);
    launcher.writeShort(ControlLayout.ARGUMENTS_BYTES + 1);
    armed.answer("".getBytes(StandardCharsets.UTF_8));
    ask(2, ArmedRequest.START.ordinal(), soon(), PLAN);
    launcher.seek(ArmedLayout.PLAN);
    launcher.writeShort(-1);
    assertThat(armed.poll()).isEqualTo(ArmedRequest.START);
    assertThatThrownBy(armed::plan).hasMessage("the request is damaged: try again");
  }

  /** A launcher writes the fields before the number: an agent may wake up between both. */
  @Test
  void aRequestWithTheFieldsOfTheNextRequestStartsNothing() throws IOException {
    ask(1, ArmedRequest.START.ordinal(), soon(), PLAN);
    byte[] sender = Sender.of(2, "two", 2).array();
    launcher.seek(ArmedLayout.DEADLINE);
    launcher.write(ArmedLayout.request(soon(), sender, "m=2,x=4"));
    assertThat(armed.poll()).isEqualTo(ArmedRequest.START);
    assertThatThrownBy(armed::plan).hasMessage("the request was replaced: try again");
  }

  @Test
  void aRequestIsWantedUntilItsEndOrItsWithdrawal() throws IOException {
    ask(1, ArmedRequest.START.ordinal(), soon(), PLAN);
    armed.poll();
    assertThat(armed.isWanted()).isTrue();
    ask(2, ArmedRequest.NONE.ordinal(), soon(), "");
    assertThat(armed.isWanted()).isFalse();
    armed.poll();
    ask(3, ArmedRequest.START.ordinal(), System.currentTimeMillis() - 5, PLAN);
    armed.poll();
    assertThat(armed.isWanted()).isFalse();
  }

  @Test
  void aRequestInAFileThatOthersCanWriteIsRefused() throws IOException {
    Path file = armed.path();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    ask(1, ArmedRequest.START.ordinal(), soon(), PLAN);
    assertThat(armed.poll()).isEqualTo(ArmedRequest.START);
    assertThatThrownBy(armed::plan).hasMessageContaining("can be written by others");
  }

  @Test
  void aRequestInAFileThatLostItsNameIsObeyed() throws IOException {
    ask(1, ArmedRequest.START.ordinal(), soon(), PLAN);
    Files.delete(armed.path());
    assertThat(armed.poll()).isEqualTo(ArmedRequest.START);
    assertThat(armed.plan()).isEqualTo(PLAN);
  }

  @Test
  void aLongAnswerIsCutAndATornRecordIsNoAnswer() throws IOException {
    ask(1, ArmedRequest.START.ordinal(), soon(), PLAN);
    armed.poll();
    armed.answer("x".repeat(ArmedLayout.SIZE).getBytes(StandardCharsets.UTF_8));
    assertThat(status().answer).hasSize(ArmedLayout.ANSWER_BYTES);
    byte[] torn = Files.readAllBytes(armed.path());
    torn[ArmedLayout.ANSWER + 9]++;
    assertThat(ArmedLayout.read(torn)).isNull();
    assertThat(ArmedLayout.read(new byte[0])).isNull();
    assertThat(ArmedLayout.read(new byte[ArmedLayout.SIZE])).isNull();
    assertThat(ControlLayout.read(torn)).isNull();
  }
}
