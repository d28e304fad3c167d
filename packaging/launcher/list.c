/* The list of what was unpacked: each line holds size, time of change of the content and of the file, and the name.
   Whoever writes to a file changes a time that cannot be set back. Decay of the disk changes none: the hashes in
   manifest.json are for that, and `gantry-edge doctor` reads them. */
#define _GNU_SOURCE
#include "launcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LIST "files"

static char *line_of(const struct stat *found, const char *name) {
    return text("%lld %lld.%09ld %lld.%09ld %s\n", (long long)found->st_size, (long long)found->st_mtim.tv_sec,
                found->st_mtim.tv_nsec, (long long)found->st_ctim.tv_sec, found->st_ctim.tv_nsec, name);
}

bool write_list(const char *folder, char *const *names, size_t count) {
    FILE *list = fopen(text("%s/" LIST, folder), "wxe");
    if (!list) return false;
    struct stat found;
    for (size_t each = 0; each < count; each++)
        if (lstat(text("%s/%s", folder, names[each]), &found) < 0 || fputs(line_of(&found, names[each]), list) < 0) {
            fclose(list);
            return false;
        }
    fputs("end\n", list);
    return fclose(list) == 0;
}

bool is_whole(const char *folder) {
    FILE *list = fopen(text("%s/" LIST, folder), "re");
    if (!list) return false;
    char *line = NULL;
    size_t room = 0;
    bool good = false;
    while (getline(&line, &room, list) > 0) {
        if ((good = strcmp(line, "end\n") == 0)) break;
        int start = 0;
        struct stat found;
        sscanf(line, "%*s %*s %*s %n", &start);
        if (!start) break;
        char *name = text("%.*s", (int)strcspn(line + start, "\n"), line + start);
        char *path = text("%s/%s", folder, name);
        if (lstat(path, &found) < 0 || strcmp(line, line_of(&found, name))) break;
    }
    fclose(list);
    return good;
}
