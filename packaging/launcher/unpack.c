/* From the payload to files: zstd, tar, SHA-256. */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define WINDOW_LOG 27 /* as packaging/single.py compresses */
#define BLOCK 512     /* of tar */

struct source {
    int file;
    uint64_t offset, left;
    SHA2_CTX sum;
    ZSTD_DStream *zstd;
    ZSTD_inBuffer in;
    char buffer[1 << 17];
};

struct header { /* of one entry, POSIX ustar */
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
    char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], pad[12];
};

static bool damaged(void) {
    errno = EBADMSG;
    return false;
}

static bool refill(struct source *from) {
    size_t wanted = from->left < sizeof from->buffer ? from->left : sizeof from->buffer;
    ssize_t got = pread(from->file, from->buffer, wanted, from->offset);
    if (got <= 0) return got < 0 ? false : damaged();
    SHA256Update(&from->sum, (uint8_t *)from->buffer, got);
    from->offset += got, from->left -= got;
    from->in = (ZSTD_inBuffer){from->buffer, got, 0};
    return true;
}

/* Exactly `size` bytes of the archive; `*ended` tells its regular end, where that may be. */
static bool take(struct source *from, void *into, size_t size, bool *ended) {
    ZSTD_outBuffer out = {into, size, 0};
    while (out.pos < size) {
        size_t before = out.pos;
        size_t state = ZSTD_decompressStream(from->zstd, &out, &from->in);
        if (ZSTD_isError(state)) return damaged();
        if (out.pos > before || from->in.pos < from->in.size) continue;
        if (from->left == 0) {
            if (!ended || out.pos) return damaged();
            return *ended = true;
        }
        if (!refill(from)) return false;
    }
    return true;
}

static bool write_all(int file, const char *bytes, size_t size) {
    while (size) {
        ssize_t done = write(file, bytes, size);
        if (done < 0) return false;
        bytes += done, size -= done;
    }
    return true;
}

static bool copy(struct source *from, uint64_t size, const char *path, mode_t mode) {
    static char bytes[1 << 17];
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0) return false;
    bool good = true;
    for (uint64_t left = size; good && left;) {
        size_t part = left < sizeof bytes ? left : sizeof bytes;
        good = take(from, bytes, part, NULL) && write_all(file, bytes, part);
        left -= part;
    }
    if (good && size % BLOCK) good = take(from, bytes, BLOCK - size % BLOCK, NULL);
    int why = errno;
    if (close(file) < 0 && good) return false;
    errno = why;
    return good;
}

static bool stays_inside(const char *name) {
    return name[0] && name[0] != '/' && strncmp(name, "../", 3) && !strstr(name, "/../");
}

static bool unpack_entry(struct source *from, const struct header *entry, const char *folder, const char *name) {
    char *path = text("%s/%s", folder, name);
    uint64_t size = strtoull(text("%.12s", entry->size), NULL, 8);
    switch (entry->type) {
    case '5':
        return mkdir(path, 0700) == 0;
    case '2':
        return symlink(text("%.100s", entry->link), path) == 0;
    case '0':
        return copy(from, size, path, strtoul(text("%.8s", entry->mode), NULL, 8) & 0700);
    default:
        return damaged();
    }
}

static bool unpack_all(struct source *from, const char *folder) {
    struct header entry;
    size_t count = 0, room = 0;
    char **names = NULL;
    for (bool ended = false;;) {
        if (!take(from, &entry, sizeof entry, &ended)) return false;
        if (ended) break;
        if (!entry.name[0]) continue; /* the blocks of zeros at the end */
        char *name = text("%.155s%s%.100s", entry.prefix, entry.prefix[0] ? "/" : "", entry.name);
        if (!stays_inside(name)) return damaged();
        if (!unpack_entry(from, &entry, folder, name)) return false;
        if (entry.type != '0') continue;
        if (count == room && !(names = realloc(names, (room = room * 2 + 256) * sizeof *names))) return false;
        names[count++] = name;
    }
    return write_list(folder, names, count);
}

bool unpack(int file, const struct trailer *trailer, const char *folder) {
    static struct source from;
    from = (struct source){.file = file, .offset = trailer->offset, .left = trailer->size, .zstd = ZSTD_createDStream()};
    SHA256Init(&from.sum);
    ZSTD_DCtx_setParameter(from.zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
    bool good = unpack_all(&from, folder);
    int why = errno;
    ZSTD_freeDStream(from.zstd);
    errno = why;
    if (!good) return false;
    uint8_t sum[DIGEST];
    SHA256Final(sum, &from.sum);
    if (memcmp(sum, trailer->sha256, DIGEST)) return damaged();
    int disk = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    good = disk >= 0 && syncfs(disk) == 0; /* one for a thousand files */
    if (disk >= 0) close(disk);
    return good;
}
