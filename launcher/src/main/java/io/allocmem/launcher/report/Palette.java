package io.allocmem.launcher.report;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Colours of page and pictures, light and dark. Readers with a colour vision deficiency can
 * distinguish all colours of lines: the simulated difference of each pair is at least 10
 * (CIEDE2000).
 */
enum Palette {
  PAPER(0xffffff, 0x0f172a),
  PANEL(0xf1f5f9, 0x1e293b),
  TEXT(0x1e293b, 0xe2e8f0),
  FAINT(0x5b687b, 0x94a3b8),
  GRID(0xe2e8f0, 0x26334a),
  HELD(0xcbd5e1, 0x475569),
  COMMITTED(0x4970f9, 0x3e95ed),
  TOUCHED(0xdc791a, 0xf8bb1f),
  RESIDENT(0x25734c, 0x0cc17d),
  RSS(0xbf1911, 0xcd524a),
  USED(0x5118d4, 0x3566da),
  LIVE(0x289cbc, 0x52eaff),
  CONTAINER(0xd23877, 0xc773a6),
  LIMIT(0x293e51, 0xb1bec7);

  private final int light;
  private final int dark;

  Palette(int light, int dark) {
    this.light = light;
    this.dark = dark;
  }

  /** Returns red, green and blue on a light ground, eight bits each. */
  int light() {
    return light;
  }

  /** Returns red, green and blue on a dark ground. */
  int dark() {
    return dark;
  }

  /** Returns true for a colour of lines. */
  boolean isLine() {
    return compareTo(COMMITTED) >= 0;
  }

  /** Returns the name in CSS. */
  String css() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns CSS variables for the page; printing takes the light colours. */
  static String variables() {
    return ":root{"
        + all("--%s:#%06x;", false)
        + "}\n"
        + dark(":root{" + all("--%s:#%06x;", true) + "}");
  }

  /**
   * Returns CSS classes for a picture: {@code s-NAME} strokes, {@code f-NAME} fills. Not every
   * viewer of pictures knows variables.
   */
  static String classes() {
    String rules = ".s-%1$s{stroke:#%2$06x}.f-%1$s{fill:#%2$06x}\n";
    return all(rules, false) + dark(all(rules, true));
  }

  private static String dark(String rules) {
    return "@media screen and (prefers-color-scheme:dark){" + rules + "}\n";
  }

  private static String all(String rule, boolean dark) {
    return Stream.of(values())
        .map(colour -> rule.formatted(colour.css(), dark ? colour.dark : colour.light))
        .collect(Collectors.joining());
  }
}
