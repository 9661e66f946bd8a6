package io.allocmem.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.allocmem.control.Reading;
import io.allocmem.launcher.control.Recovery;
import io.allocmem.launcher.fixtures.Records;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.report.Event.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading of records: events, figures and rejected lines. */
class RecordingTest {
  private static final long MIB = Records.MIB;

  @TempDir Path directory;

  private Recording read(Records records) throws Exception {
    return Recording.read(records.writeTo(directory));
  }

  private static List<String> told(Recording recording) {
    return Event.of(recording).stream()
        .map(event -> recording.millis(event.sample()) / 1000 + " " + event.what())
        .toList();
  }

  @Test
  void tellsTheStairsAndTheirEnd() throws Exception {
    Recording recording = read(Records.stairs());
    assertThat(told(recording))
        .containsExactly(
            "0 WAITING",
            "1 1 block more",
            "1 ALLOCATING",
            "2 1 block more",
            "3 1 block more",
            "3 HOLDING",
            "5 3 blocks less",
            "5 RELEASED");
    assertThat(recording.steps()).isEqualTo(3);
    assertThat(recording.durationMillis()).isEqualTo(5000);
  }

  @Test
  void countsNoBlockThatWasThereBefore() throws Exception {
    Recording recording = read(new Records().add(3, "ALLOCATING").add(5, "ALLOCATING"));
    assertThat(recording.steps()).isEqualTo(2);
  }

  @Test
  void tellsCollectionsExhaustionAndAPlanThatIsNoLongerSeen() throws Exception {
    Recording recording =
        read(
            new Records()
                .add(1, "ALLOCATING")
                .add(1, "EXHAUSTED")
                .with("collections", 2)
                .with("pauseMillis", 7)
                .withPlan("message", "the area is full")
                .add(1, "PAUSED")
                .with("plans", List.of()));
    assertThat(told(recording))
        .containsExactly(
            "0 ALLOCATING",
            "1 EXHAUSTED: the area is full",
            "1 2 collections, 7 ms paused",
            "2 no longer seen");
    assertThat(Event.of(recording))
        .extracting(Event::kind)
        .containsExactly(Kind.PHASE, Kind.EXHAUSTED, Kind.COLLECTION, Kind.PHASE);
  }

  private List<Recovery.Meter> meters(Records records) throws Exception {
    return read(records)
        .recovery()
        .meters(Reading.RSS, Reading.HEAP_USED, Reading.HEAP_LIVE, Reading.CONTAINER_USED);
  }

  @Test
  void showsBeforeHeldAndAfter() throws Exception {
    assertThat(meters(Records.stairs()))
        .containsExactly(
            new Recovery.Meter("RSS", 61 * MIB, 75 * MIB, 60 * MIB),
            new Recovery.Meter("heap used", 8 * MIB, 8 * MIB, 8 * MIB));
  }

  @Test
  void showsNoFigureThatTheRecordDoesNotHave() throws Exception {
    assertThat(meters(new Records().add(3, "HOLDING").add(3, "HOLDING")))
        .containsExactly(
            new Recovery.Meter("RSS", 61 * MIB, 75 * MIB, Reading.UNKNOWN),
            new Recovery.Meter("heap used", Reading.UNKNOWN, 8 * MIB, Reading.UNKNOWN));
  }

  @Test
  void saysThePlanInTheAgentsWords() throws Exception {
    assertThat(read(Records.stairs()).last("default").toHuman())
        .isEqualTo("3 blocks of 10 MiB = 30 MiB, 15 MiB touched");
    assertThat(
            read(new Records().add(0, "WAITING").withPlan("limit", null).withPlan("until", "85%"))
                .last("default")
                .toHuman())
        .startsWith("blocks of 10 MiB until 85 %");
    assertThat(
            read(new Records().add(0, "WAITING").withPlan("area", "unheard-of"))
                .last("default")
                .toHuman())
        .isEqualTo("-");
  }

  @Test
  void doesNotGoBackWhereTheClockWas() throws Exception {
    Recording recording = read(Records.stairs().with("time", 1_800_000_003_000L));
    assertThat(recording.samples().stream().map(recording::millis))
        .containsExactly(0L, 1000L, 2000L, 3000L, 4000L, 4000L);
  }

  @Test
  void readsPastFieldsThatItDoesNotKnow() throws Exception {
    assertThat(read(Records.stairs().with("newer", 1)).samples()).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pid       | 4712 | another JVM, 4712; a record has one JVM",
        "format    | 2    | format 2; this launcher reads format 1",
        "time      |      | no sample",
        "format    |      | no sample",
        "plans     | 1    | no sample",
        "rss       | much | no sample"
      })
  void refusesALineByItsNumber(String field, String value, String sentence) throws Exception {
    boolean number = value != null && value.matches("\\d+");
    Records records =
        Records.stairs().with(field, number ? (Object) Integer.valueOf(value) : value);
    assertThatThrownBy(() -> read(records))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("record.jsonl, line 6: " + sentence);
  }

  @Test
  void refusesWhatIsNoRecord() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "[1]\n");
    assertThatThrownBy(() -> Recording.read(text)).hasMessageContaining("text, line 1: no sample");
    Path bytes = Files.write(directory.resolve("bytes"), new byte[] {(byte) 0xff, 0, 10});
    assertThatThrownBy(() -> Recording.read(bytes)).hasMessageContaining("line 1: no sample");
    Path empty = Files.createFile(directory.resolve("empty"));
    assertThatThrownBy(() -> Recording.read(empty)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> Recording.read(directory)).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> Recording.read(directory.resolve("none")))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("there is no file ");
  }

  @Test
  void aLastLineThatWasCutOffIsLeftOut() throws Exception {
    Path whole = Records.stairs().writeTo(directory);
    String text = Files.readString(whole).strip();
    int lines = (int) text.lines().count();
    assertThat(Recording.read(Files.writeString(whole, text)).cutOff()).isFalse();
    Recording cut = Recording.read(Files.writeString(whole, text.substring(0, text.length() - 9)));
    assertThat(cut.cutOff()).isTrue();
    assertThat(cut.samples()).hasSize(lines - 1);
  }
}
