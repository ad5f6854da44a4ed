// The database has a native part, which is not bundled. kyso may be bundled or not.
export default { serverExternalPackages: ["libsql"] };
