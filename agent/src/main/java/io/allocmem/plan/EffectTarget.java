package io.allocmem.plan;

/**
 * Target of a plan by its effect, instead of an amount: the plan takes and releases blocks so that
 * pressure costs this share. Written {@code gc:25%}, {@code pause:10%} or {@code psi:20%}.
 */
public final class EffectTarget {
  /** Largest usage of the heap: 3 % more stay free than the GC overhead limit asks for. */
  private static final Amount MOST_OF_HEAP = Amount.parse("95%");

  /** Largest usage of a container: the kernel ends processes of a full container. */
  private static final Amount MOST_OF_CONTAINER = Amount.parse("97%");

  private static final String RULE =
      "a target by effect is gc:25%, pause:10% or psi:20%, from 1% to 90%";

  private static final char SEPARATOR = ':';

  /** Digits of a percentage behind the point, for thousandths. */
  private static final int PLACES = 1;

  private static final long LEAST = 10;
  private static final long MOST = 900;

  private final Effect effect;
  private final long thousandths;

  private EffectTarget(Effect effect, long thousandths) {
    this.effect = effect;
    this.thousandths = thousandths;
  }

  /** Returns true if a text names an effect, and no amount. */
  public static boolean isNamed(String text) {
    return text.indexOf(SEPARATOR) >= 0;
  }

  /**
   * Reads an effect and a share.
   *
   * @throws IllegalArgumentException with the rule, if the text is not as the rule says
   */
  public static EffectTarget parse(String text) {
    int end = text.indexOf(SEPARATOR);
    Effect effect = named(text.substring(0, Math.max(0, end)));
    Scan scan = new Scan(text.substring(end + 1));
    boolean whole = scan.digits() > 0 && scan.position() <= 2;
    int point = scan.position();
    boolean fits = !scan.take('.') || scan.digits() > 0 && scan.position() - point == PLACES + 1;
    String number = scan.from(0);
    if (effect == null || !whole || !fits || !scan.take('%') || !scan.isAtEnd()) {
      throw new IllegalArgumentException(RULE);
    }
    long share = Decimal.whole(number) * 10 + Decimal.fraction(number, PLACES);
    if (share < LEAST || share > MOST) {
      throw new IllegalArgumentException(RULE);
    }
    return new EffectTarget(effect, share);
  }

  /** Returns the effect of that word; null for none that can be a target. */
  private static Effect named(String word) {
    for (Effect effect : Effect.values()) {
      if (!effect.needsProbe() && effect.toString().equals(word)) {
        return effect;
      }
    }
    return null;
  }

  /** Returns the measured effect. */
  public Effect effect() {
    return effect;
  }

  /** Returns the aim, in thousandths of a whole. */
  public long thousandths() {
    return thousandths;
  }

  /** Returns true for an effect of a full heap, false for an effect of a full container. */
  public boolean isOfHeap() {
    return effect != Effect.PSI;
  }

  /** Returns the usage that the plan never exceeds, whatever the effect is. */
  Amount most() {
    return isOfHeap() ? MOST_OF_HEAP : MOST_OF_CONTAINER;
  }

  /** Returns text for people: {@code collections take 25% of its CPU time}. */
  public String toHuman() {
    String share = Decimal.print(thousandths, PLACES) + "%";
    if (effect == Effect.GC) { // a switch would be one more class in each JVM with a plan
      return "collections take " + share + " of its CPU time";
    }
    String who = effect == Effect.PAUSE ? "collections stop it " : "threads wait for memory ";
    return who + share + " of the time";
  }

  /** Returns the option text; {@link #parse} reads the text back exactly. */
  @Override
  public String toString() {
    return effect + ":" + Decimal.print(thousandths, PLACES) + "%";
  }
}
