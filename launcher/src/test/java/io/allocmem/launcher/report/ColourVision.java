package io.allocmem.launcher.report;

/**
 * Colours as people with a colour vision deficiency see them, and the difference of two colours.
 *
 * <p>Simulation: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of
 * Color Vision Deficiency", IEEE TVCG 15(6), 2009, matrices of severity 1.0, on linear RGB.
 * Difference: CIEDE2000 as in Sharma, Wu, Dalal, "The CIEDE2000 Color-Difference Formula", Color
 * Research and Application 30(1), 2005.
 */
enum ColourVision {
  NORMAL(1, 0, 0, 0, 1, 0, 0, 0, 1),
  PROTANOPIA(
      0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
  DEUTERANOPIA(
      0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
  TRITANOPIA(
      1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900);

  /** From linear sRGB to XYZ, and the white point D65. */
  private static final double[] XYZ = {
    0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920,
    0.9503041
  };

  private static final double[] WHITE = {0.95047, 1, 1.08883};
  private static final double POWER = Math.pow(25, 7);

  private final double[] matrix;

  ColourVision(double... matrix) {
    this.matrix = matrix;
  }

  /** Returns the difference of two colours, each red, green and blue of eight bits. */
  double difference(int one, int other) {
    return difference(lab(one), lab(other));
  }

  /** Returns the contrast of two colours (WCAG 2), from 1 to 21. */
  static double contrast(int one, int other) {
    double a = product(XYZ, linear(one))[1] + 0.05;
    double b = product(XYZ, linear(other))[1] + 0.05;
    return Math.max(a, b) / Math.min(a, b);
  }

  private static double[] linear(int rgb) {
    double[] linear = new double[3];
    for (int i = 0; i < 3; i++) {
      double c = (rgb >> (16 - 8 * i) & 0xff) / 255.0;
      linear[i] = c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
    return linear;
  }

  private static double[] product(double[] matrix, double[] vector) {
    double[] product = new double[3];
    for (int i = 0; i < 9; i++) {
      product[i / 3] += matrix[i] * vector[i % 3];
    }
    return product;
  }

  private double[] lab(int rgb) {
    double[] seen = product(matrix, linear(rgb));
    for (int i = 0; i < 3; i++) {
      seen[i] = Math.min(1, Math.max(0, seen[i]));
    }
    double[] xyz = product(XYZ, seen);
    double x = cubic(xyz[0] / WHITE[0]);
    double y = cubic(xyz[1] / WHITE[1]);
    double z = cubic(xyz[2] / WHITE[2]);
    return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
  }

  private static double cubic(double t) {
    return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  }

  /** Returns CIEDE2000 of two colours in CIELAB. */
  static double difference(double[] one, double[] other) {
    double chroma = (Math.hypot(one[1], one[2]) + Math.hypot(other[1], other[2])) / 2;
    double stretch = 1.5 - 0.5 * strength(chroma);
    double a1 = stretch * one[1];
    double a2 = stretch * other[1];
    double c1 = Math.hypot(a1, one[2]);
    double c2 = Math.hypot(a2, other[2]);
    double h1 = hue(a1, one[2]);
    double h2 = hue(a2, other[2]);
    double turn = c1 * c2 == 0 ? 0 : Math.IEEEremainder(h2 - h1, 360);
    double mean = c1 * c2 == 0 ? h1 + h2 : (h1 + turn / 2 + 360) % 360;
    double hueStep = 2 * Math.sqrt(c1 * c2) * Math.sin(Math.toRadians(turn / 2));
    return weighted(
        other[0] - one[0], (one[0] + other[0]) / 2, c2 - c1, (c1 + c2) / 2, hueStep, mean);
  }

  private static double strength(double chroma) {
    double power = Math.pow(chroma, 7);
    return Math.sqrt(power / (power + POWER));
  }

  private static double hue(double a, double b) {
    return (Math.toDegrees(Math.atan2(b, a)) + 360) % 360;
  }

  private static double weighted(
      double light, double meanLight, double chroma, double meanChroma, double hue, double mean) {
    double t =
        1
            - 0.17 * cosine(mean - 30)
            + 0.24 * cosine(2 * mean)
            + 0.32 * cosine(3 * mean + 6)
            - 0.20 * cosine(4 * mean - 63);
    double fromMiddle = Math.pow(meanLight - 50, 2);
    double l = light / (1 + 0.015 * fromMiddle / Math.sqrt(20 + fromMiddle));
    double c = chroma / (1 + 0.045 * meanChroma);
    double h = hue / (1 + 0.015 * meanChroma * t);
    double blue = 30 * Math.exp(-Math.pow((mean - 275) / 25, 2));
    double turned = -Math.sin(Math.toRadians(2 * blue)) * 2 * strength(meanChroma);
    return Math.sqrt(l * l + c * c + h * h + turned * c * h);
  }

  private static double cosine(double degrees) {
    return Math.cos(Math.toRadians(degrees));
  }
}
