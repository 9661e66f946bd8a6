package io.allocmem.launcher.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record as one standalone page. The charts are in the page as SVG; the script only moves the
 * cursor. The page's policy forbids every request, and every script and style but its own.
 */
public final class HtmlReport {
  /** Widths of the charts: for a screen or paper, and for a phone. */
  private static final int WIDE = 944;

  private static final int NARROW = 358;

  private static final Pattern TOKEN = Pattern.compile("\\{\\{(\\w+)}}");

  private HtmlReport() {}

  /** Returns the whole page. */
  public static String of(Recording recording) {
    Headline headline = Headline.of(recording);
    Figure figure = Figure.inPage(recording, headline);
    HtmlTables tables = new HtmlTables(recording);
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", SvgCanvas.escape(headline.title()));
    parts.put("headline", HtmlHeadline.of(headline, recording));
    parts.put("wide", SvgReport.inPage(figure, WIDE, "wide"));
    parts.put("narrow", SvgReport.inPage(figure, NARROW, "narrow"));
    parts.put("plans", tables.plans());
    parts.put("jvm", tables.jvm());
    parts.put("events", new HtmlEvents(recording).toString());
    parts.put("style", Palette.variables() + SvgReport.style() + resource("report.css"));
    parts.put("script", resource("report.js"));
    parts.put("styleHash", hash(parts.get("style")));
    parts.put("scriptHash", hash(parts.get("script")));
    parts.put("data", data(figure));
    return filled(resource("report.html"), parts);
  }

  /** Fills the template in one pass: a token from the record stays text. */
  static String filled(String template, Map<String, String> parts) {
    return TOKEN
        .matcher(template)
        .replaceAll(token -> Matcher.quoteReplacement(parts.get(token.group(1))));
  }

  /**
   * Returns the data of the cursor, without {@code <}: no text of a JVM can end the enclosing
   * element.
   */
  private static String data(Figure figure) {
    try {
      return JSON.std
          .with(JSON.Feature.WRITE_NULL_PROPERTIES)
          .asString(figure.readouts().data())
          .replace("<", "\\u003c");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the hash by which the page's policy knows its own script and style. */
  static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java platform has it
    }
  }

  static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
