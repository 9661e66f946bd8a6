package io.allocmem.launcher.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Interleaved rounds of several ways to do the same: each round runs each way once, in a random
 * order. A first round warms up the machine, and does not count.
 */
final class Rounds {
  private static final long SEED = 16;

  /** Maximum number of rounds: a build looks for gross failures, and needs few rounds. */
  private static final int MOST = Integer.getInteger("allocmem.test.rounds", Integer.MAX_VALUE);

  /** One way; returns its cost, such as a time, or a negative number where it does not exist. */
  interface Way {
    double cost() throws Exception;
  }

  private final Map<String, List<Double>> costs = new LinkedHashMap<>();

  private Rounds() {}

  /** Returns the number of rounds for this run, at most the given number. */
  static int atMost(int number) {
    return Math.min(number, MOST);
  }

  /** Runs the rounds. */
  static Rounds of(int most, Map<String, Way> ways) throws Exception {
    int number = atMost(most);
    Rounds rounds = new Rounds();
    Random random = new Random(SEED);
    List<String> order = new ArrayList<>(ways.keySet());
    for (int round = 0; round <= number; round++) {
      Collections.shuffle(order, random);
      for (String name : order) {
        double cost = ways.get(name).cost();
        if (round > 0 && cost >= 0) {
          rounds.costs.computeIfAbsent(name, first -> new ArrayList<>()).add(cost);
        }
      }
    }
    return rounds;
  }

  /** Returns the costs of a way, by rounds. */
  List<Double> costs(String way) {
    return costs.get(way);
  }

  /** Returns the quotients of the costs of two ways, by rounds. */
  List<Double> ratios(String above, String below) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < costs(above).size(); round++) {
      ratios.add(costs(above).get(round) / costs(below).get(round));
    }
    return ratios;
  }

  /** Returns the way with the smallest median of all these that exist. */
  String best(String... ways) {
    String best = null;
    for (String way : ways) {
      boolean exists = costs.containsKey(way);
      if (exists && (best == null || median(way) < median(best))) {
        best = way;
      }
    }
    return best;
  }

  private double median(String way) {
    return new Row(way, "", costs(way), 0, true).median();
  }
}
