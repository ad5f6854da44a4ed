PHP_ARG_WITH([kyso],
  [for kyso support],
  [AS_HELP_STRING([--with-kyso@<:@=DIR@:>@],
    [Include kyso support. DIR is the installation prefix of libkyso, where pkg-config does not know it])])

if test "$PHP_KYSO" != "no"; then
  if test "$PHP_KYSO" != "yes"; then
    PKG_CONFIG_PATH="$PHP_KYSO/lib/pkgconfig:$PKG_CONFIG_PATH"
    export PKG_CONFIG_PATH
  fi
  PKG_CHECK_MODULES([KYSO], [kyso >= 0.1.0])
  PHP_EVAL_INCLINE([$KYSO_CFLAGS])
  PHP_EVAL_LIBLINE([$KYSO_LIBS], [KYSO_SHARED_LIBADD])
  PHP_SUBST([KYSO_SHARED_LIBADD])
  PHP_NEW_EXTENSION([kyso], [kyso.c], [$ext_shared],, [-Wall -Wextra -Wno-unused-parameter])
  PHP_ADD_EXTENSION_DEP([kyso], [json])
fi
