/* Where the program may be unpacked. */
#define _GNU_SOURCE
#include "launcher.h"

#include <libgen.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORTABLE "gantry-data" /* as in config.py */

static const char *data_folder(char *const *arguments) {
    const char *flag = "--data-dir";
    const char *found = getenv("GANTRY_DATA_DIR");
    for (size_t each = 1; arguments[0] && arguments[each]; each++) {
        const char *given = arguments[each];
        if (!strcmp(given, flag) && arguments[each + 1]) found = arguments[each + 1];
        if (!strncmp(given, flag, strlen(flag)) && given[strlen(flag)] == '=') found = given + strlen(flag) + 1;
    }
    return found;
}

char **places(const char *self, char *const *arguments) {
    static char *found[7];
    size_t count = 0;
    const char *chosen = getenv("GANTRY_UNPACK_DIR"), *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (chosen && *chosen) {
        found[count++] = text("%s", chosen);
        return found;
    }
    if (cache && *cache == '/') found[count++] = text("%s/gantry-edge", cache);
    if (home && *home == '/') found[count++] = text("%s/.cache/gantry-edge", home);
    const struct passwd *user = getpwuid(geteuid());
    if (user && user->pw_dir && *user->pw_dir == '/') found[count++] = text("%s/.cache/gantry-edge", user->pw_dir);
    const char *data = data_folder(arguments);
    if (data && *data) found[count++] = text("%s/unpacked", data);
    char *portable = text("%s/" PORTABLE, dirname(text("%s", self)));
    if (access(portable, F_OK) == 0) found[count++] = text("%s/unpacked", portable);
    return found;
}
