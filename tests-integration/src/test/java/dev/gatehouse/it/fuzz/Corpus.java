package dev.gatehouse.it.fuzz;

import dev.gatehouse.it.support.Product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** The seeds of a target, which are files below {@code tests-integration/fuzz}, and inputs made of them. */
final class Corpus {

    private static final int MOST_CHANGES = 6;
    private static final byte[] TELLING = "\0\n\"\\{}[]:,.%&=+?#@/ -09eE\u007f".getBytes(StandardCharsets.UTF_8);
    private final List<byte[]> seeds;
    private final Random random;

    Corpus(FuzzTarget target, long seed) {
        random = new Random(seed);
        try (Stream<Path> files = Files.list(folder(target))) {
            seeds = files.sorted().map(Corpus::read).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Path folder(FuzzTarget target) {
        return Product.ROOT.resolve("tests-integration/fuzz").resolve(target.name().toLowerCase(Locale.ROOT));
    }

    List<byte[]> seeds() {
        return seeds;
    }

    /** A seed with some bytes changed, inserted, removed or repeated. */
    byte[] next() {
        byte[] input = any().clone();
        for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
            input = changed(input);
        }
        return input;
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] changed(byte[] input) {
        if (input.length == 0) {
            return any().clone();
        }
        int from = random.nextInt(input.length);
        int to = Math.min(input.length, from + 1 + random.nextInt(8));
        byte[] middle = switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> new byte[] {TELLING[random.nextInt(TELLING.length)], input[from]};
            case 3 -> repeated(Arrays.copyOfRange(input, from, to));
            default -> any();
        };
        byte[] result = Arrays.copyOf(input, from + middle.length + input.length - to);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(input, to, result, from + middle.length, input.length - to);
        return result;
    }

    private byte[] repeated(byte[] piece) {
        byte[] many = new byte[piece.length * (2 + random.nextInt(40))];
        for (int i = 0; i < many.length; i++) {
            many[i] = piece[i % piece.length];
        }
        return many;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
