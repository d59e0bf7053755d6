// The viewer, whose own file declares it before ours is run.
declare const Mirador: { viewer(settings: object): unknown };
