export declare const sharedModules: readonly string[]
