package dev.gatehouse.shared.secret;

import dev.gatehouse.shared.config.StartupException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** A file of mode 0600 with 256 random bits, from which one key per purpose is derived. Blocking. */
public final class KeyFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private static final String ROOT = "root";

    private KeyFile() {
    }

    /**
     * Reads the key, or creates it if the file does not exist. When several processes start at once, one creates it and all read
     * the same key.
     *
     * @param file the file of the key
     * @return the key
     * @throws StartupException if the file cannot be created or read, has no valid key, or is readable by others
     */
    public static MasterKey loadOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return read(file);
        } catch (IOException e) {
            throw new StartupException("Cannot use the key file " + file + ": " + e.getMessage()
                + ". Make its directory writable for this user, or set keyFile to another path.", e);
        }
    }

    private static void create(Path file) throws IOException {
        Files.createDirectories(file.getParent(), PosixFilePermissions.asFileAttribute(OWNER_ONLY_DIRECTORY));
        Path draft = Files.createTempFile(file.getParent(), ".key", null, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(draft, Base64.getEncoder().encodeToString(SecretToken.randomBytes(MasterKey.BYTES)) + "\n");
            // Unlike a move, a link fails if another process was first, and never exposes a partial key.
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException alreadyMade) {
            return;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /**
     * {@return whether only this user, and root, can read the secret in a file}
     *
     * @param file the file
     * @throws IOException if its attributes cannot be read
     */
    public static boolean isPrivate(Path file) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        return isPrivate(attributes.permissions(), attributes.owner().getName(), System.getProperty("user.name"));
    }

    /** A file of root may be readable by its group, because a container gets the secrets of a volume in this way. */
    static boolean isPrivate(Set<PosixFilePermission> permissions, String owner, String user) {
        Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(permissions);
        others.removeAll(OWNER_ONLY);
        others.remove(PosixFilePermission.OWNER_EXECUTE);
        if (owner.equals(ROOT) && !user.equals(ROOT)) {
            others.remove(PosixFilePermission.GROUP_READ);
        }
        return others.isEmpty();
    }

    private static MasterKey read(Path file) throws IOException {
        if (!isPrivate(file)) {
            throw new StartupException("The key file " + file + " is accessible to users other than its owner. Run: chmod 600 " + file);
        }
        try {
            return new MasterKey(Base64.getDecoder().decode(Files.readString(file).strip()));
        } catch (IllegalArgumentException e) {
            throw new StartupException("The file " + file + " does not hold a key of " + MasterKey.BYTES
                + " bytes in base64. Restore it from a backup: data encrypted with it cannot be read without it.");
        }
    }
}
