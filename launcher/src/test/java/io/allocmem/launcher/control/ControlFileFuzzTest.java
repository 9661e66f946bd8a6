package io.allocmem.launcher.control;

import static io.allocmem.launcher.fixtures.Fuzz.number;
import static io.allocmem.launcher.fixtures.Fuzz.once;
import static io.allocmem.launcher.fixtures.Fuzz.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.ControlLayout;
import io.allocmem.control.Phase;
import io.allocmem.control.Status;
import io.allocmem.launcher.fixtures.Fuzz;
import io.allocmem.launcher.process.ForeignFiles;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * Control files with any content: the launcher reads the file or rejects the file, without further
 * effects.
 */
class ControlFileFuzzTest {
  /** Offsets of the protocol. */
  private static final int RECORD = 2560;

  private static final int CHECKSUM = 4080;

  /** Pid without a process. */
  private static final long PID = Integer.MAX_VALUE;

  private static final String MAIN = "com.example.Service";
  private static final String PLAN = "m=1m,x=7m,keep-free=0,f=0.25,a=heap,n=default";

  private long read;

  @Test
  void eachIsReadOrIsNone() {
    Fuzz.rounds(1_000_000, this::tryOne);
    assertThat(read).as("files that were read").isPositive();
  }

  /** An agent writes a limit in bytes; another program may write a share. */
  @Test
  void aLimitInPercentIsNoNumber() throws Exception {
    report(file(new SplittableRandom(1), "m=1m,x=70%,a=heap,n=default"));
  }

  private void tryOne(SplittableRandom random) throws Exception {
    boolean damaged = !once(random, 10);
    byte[] valid = file(random);
    byte[] bytes = damaged ? Fuzz.mutated(random, valid) : valid;
    if (once(random, 2) && bytes.length >= ControlLayout.SIZE) {
      sum(bytes);
    }
    Status status = ControlLayout.read(bytes);
    if (status == null) {
      assertThat(damaged).as("a valid file was not read").isTrue();
      return;
    }
    read++;
    if (!damaged) {
      assertThat(status.arguments).isEqualTo(PLAN);
      assertThat(status.mainClass).isEqualTo(MAIN);
    }
    Versions.planOf(status);
    if (once(random, 10)) {
      report(bytes);
    }
  }

  private static void report(byte[] bytes) throws Exception {
    try (PlanControl plan = new PlanControl(PID, "default", channelOf(bytes))) {
      StatusReport report = StatusReport.of(PID, List.of(plan));
      report.toLines().forEach(Fuzz::requireShort);
      report.toText().lines().forEach(Fuzz::requireShort);
      report.phases();
      JvmSample sample = report.toSample();
      String line = RecordLine.print(sample);
      assertThat(RecordLine.print(RecordLine.parse(line, Long.MIN_VALUE))).isEqualTo(line);
      sample.plans().forEach(each -> Fuzz.requireShort(each.toHuman()));
    }
  }

  /** Returns an open file with these bytes and with the lock of a living plan. */
  private static ForeignFiles.Channel channelOf(byte[] bytes) {
    return (ForeignFiles.Channel)
        Proxy.newProxyInstance(
            ForeignFiles.class.getClassLoader(),
            new Class<?>[] {ForeignFiles.Channel.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "read" -> Arrays.copyOf(bytes, Math.min(bytes.length, (int) arguments[1]));
                  case "isLocked" -> true;
                  default -> null;
                });
  }

  private static byte[] file(SplittableRandom random) {
    return file(random, PLAN);
  }

  private static byte[] file(SplittableRandom random, String plan) {
    ByteBuffer file = ByteBuffer.allocate(ControlLayout.SIZE);
    file.put("allocmem".getBytes(StandardCharsets.US_ASCII));
    file.putInt(once(random, 4) ? random.nextInt(1, 9) : ControlLayout.PROTOCOL);
    file.position(16);
    for (String text : List.of("0.1.0", "17.0.15", MAIN, plan)) {
      file.putShort((short) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }
    file.putLong(2040, number(random)).position(RECORD);
    file.putInt(random.nextInt()).putInt(random.nextInt(Phase.values().length));
    for (int field = 0; field < 15; field++) {
      file.putLong(number(random));
    }
    byte[] message = one(random, "", "a word", "exhausted").getBytes(StandardCharsets.US_ASCII);
    file.putShort((short) message.length).put(message);
    sum(file.array());
    return file.array();
  }

  private static void sum(byte[] file) {
    CRC32 crc = new CRC32();
    crc.update(file, RECORD, CHECKSUM - RECORD);
    ByteBuffer.wrap(file).putLong(CHECKSUM, crc.getValue());
  }
}
