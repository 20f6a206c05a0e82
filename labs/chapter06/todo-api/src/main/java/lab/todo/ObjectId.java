package lab.todo;

import java.util.HexFormat;

/** MongoDB's own kind of id: twelve bytes, written as 24 hexadecimal digits. */
record ObjectId(String hex) {
    static final int BYTES = 12;

    ObjectId {
        if (!hex.matches("[0-9a-f]{24}")) {
            throw new IllegalArgumentException("an id has 24 hexadecimal digits, not '" + hex + "'");
        }
    }

    static ObjectId of(byte[] bytes) {
        return new ObjectId(HexFormat.of().formatHex(bytes));
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
