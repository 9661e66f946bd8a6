package io.allocmem.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosingTest {
  private final AtomicInteger calls = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(classes = {IOException.class, SecurityException.class})
  void aResourceThatCannotBeClosedNeverEndsThePlansThread(Class<? extends Exception> refusal) {
    Closeable refuses =
        () -> {
          calls.incrementAndGet();
          sneak(refusal);
        };
    assertThatCode(() -> Closing.close(refuses, new Clock())).doesNotThrowAnyException();
    assertThat(calls).hasValue(10);
  }

  @Test
  void aFullHeapIsNoRefusal() {
    Closeable full =
        () -> {
          if (calls.incrementAndGet() < 50) {
            throw new OutOfMemoryError();
          }
        };
    Closing.close(full, new Clock());
    assertThat(calls).hasValue(50);
  }

  private static void sneak(Class<? extends Exception> refusal) throws IOException {
    if (refusal == IOException.class) {
      throw new IOException();
    }
    throw new SecurityException();
  }
}
