package io.allocmem.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.allocmem.control.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A terminal receives printable text only, for any foreign text. */
class PrintableWriterTest {
  /** C0, DEL, C1, bidirectional characters, line separators, and unpaired surrogates. */
  private static final String BAD =
      "\0\u0007\b\u000b\f\u001b\u007f\u0080\u009b\u009d\u061c\u200e\u200f\u2028\u2029"
          + "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ud800";

  @Test
  void whatDoesNotShowItselfBecomesAQuestionMark() {
    for (String bad : BAD.split("")) {
      assertThat(written("a" + bad + "b")).isEqualTo("a?b");
      assertThat(Printable.of("a" + bad + "b")).isEqualTo("a?b");
    }
    assertThat(Printable.of("a\tb\r\nc")).isEqualTo("a?b??c");
    assertThat(written("\u001b]0;title\u0007x\u009b2Jy\rz")).isEqualTo("?]0;title?x?2Jy?z");
  }

  @Test
  void textIsNotChanged() {
    String text = "Größe 5 MiB, 名前, \ud83d\ude00 █░\tx\r\n next\n";
    assertThat(written(text)).isEqualTo(text);
    assertThat(Printable.of("Größe \ud83d\ude00 █")).isEqualTo("Größe \ud83d\ude00 █");
  }

  @Test
  void aCharacterInTwoPiecesIsOne() throws IOException {
    StringWriter out = new StringWriter();
    try (PrintableWriter writer = new PrintableWriter(out, StandardCharsets.UTF_8)) {
      writer.write("\ud83d");
      writer.write("\ude00\r");
      writer.write("\nx\ude00");
    }
    assertThat(out).hasToString("\ud83d\ude00\r\nx?");
  }

  @Test
  void withoutALocaleOnlyAsciiPasses() {
    StringWriter out = new StringWriter();
    PrintableWriter ascii = new PrintableWriter(out, StandardCharsets.US_ASCII);
    new PrintWriter(ascii, true).println("Größe \ud83d\ude00, agent.jar=… █");
    assertThat(out).hasToString("Gr??e ?, agent.jar=... ?" + System.lineSeparator());
  }

  @Test
  void aReaderThatEndedIsNoticed() {
    Writer closed =
        new Writer() {
          @Override
          public void write(char[] text, int from, int count) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    PrintWriter out =
        new PrintWriter(
            new PrintableWriter(new PrintWriter(closed, true), StandardCharsets.UTF_8), true);
    assertThat(out.checkError()).isFalse();
    out.println("a line");
    assertThat(out.checkError()).isTrue();
  }

  @Test
  void aNameFitsATable() {
    assertThat(Printable.name("x".repeat(5000))).hasSize(203).endsWith("x...");
    assertThat(Printable.name("io.Main")).isEqualTo("io.Main");
  }

  private static String written(String text) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(new PrintableWriter(out, StandardCharsets.UTF_8), true);
    writer.print(text);
    writer.flush();
    return out.toString();
  }
}
