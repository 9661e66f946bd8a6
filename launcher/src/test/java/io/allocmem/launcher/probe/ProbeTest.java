package io.allocmem.launcher.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTest {
  /** As where no further thread can start: a probe that ended silently would leave the pressure. */
  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, IllegalStateException.class})
  void aCheckThatCannotRunCountsAsAFailure(Class<? extends Throwable> kind) throws Exception {
    Throwable thrown = kind.getConstructor(String.class).newInstance("no \u001b[1mthread");
    ServiceCheck broken =
        () -> {
          if (thrown instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) thrown;
        };
    List<String> news = Collections.synchronizedList(new ArrayList<>());
    Probe.Listener listener =
        new Probe.Listener() {
          @Override
          public void failed(String sentence) {
            news.add(sentence);
          }

          @Override
          public boolean stop(String sentence) {
            news.add("stop: " + sentence);
            return true;
          }
        };
    Duration every = Duration.ofMillis(1);
    Probe probe = Probe.start(broken, every, new FailureCount(2), listener);
    Awaitility.await().until(() -> news.size() == 2);
    probe.close();
    assertThat(news.get(0)).contains("1 of 2 in a row", "the check cannot run: no");
    assertThat(news.get(1)).startsWith("stop: ").doesNotContain("\u001b");
  }
}
