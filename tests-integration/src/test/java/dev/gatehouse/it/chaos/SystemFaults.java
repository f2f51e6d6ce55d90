package dev.gatehouse.it.chaos;

import dev.gatehouse.it.support.Product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** A failing fsync and a wrong clock of one program, by {@code chaos/faults.c}. Without a C compiler the program has neither. */
final class SystemFaults {

    private static final int SECONDS_AHEAD = 8;
    private static final Path LIBRARY = compile();
    private final Path file;
    private final MappedByteBuffer faults;

    SystemFaults() {
        file = fileForAll("faults");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            faults = channel.map(FileChannel.MapMode.READ_WRITE, 0, 16);
            faults.order(ByteOrder.nativeOrder());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static boolean areAvailable() {
        return LIBRARY != null;
    }

    /** The environment in which the process starts. */
    Map<String, String> environment() {
        return LIBRARY == null ? Map.of() : Map.of("LD_PRELOAD", LIBRARY.toString(), "GATEHOUSE_FAULTS", file.toString());
    }

    void failSync(boolean failing) {
        faults.putLong(0, failing ? 1 : 0);
    }

    void setClockAhead(long seconds) {
        faults.putLong(SECONDS_AHEAD, seconds);
    }

    /** PostgreSQL runs as another user, who may not reach the directories of the tests. */
    private static Path fileForAll(String name) {
        try {
            Path directory = Files.createTempDirectory("gatehouse-faults");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            directory.toFile().deleteOnExit();
            Path file = directory.resolve(name);
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path compile() {
        Path library = fileForAll("faults.so");
        try {
            Process compiler = new ProcessBuilder(List.of("cc", "-shared", "-fPIC", "-O2", "-o", library.toString(),
                Product.ROOT.resolve("tests-integration/chaos/faults.c").toString(), "-ldl")).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return compiler.waitFor() == 0 && Files.exists(library) ? library : null;
        } catch (IOException absent) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
