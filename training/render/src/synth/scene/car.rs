//! A vehicle as its shell: shadow, wheels, flanks, cabin and glass.

use super::super::raster::{Tone, mix, scaled};
use super::super::rng::Rng;
use super::super::surroundings::PAINTS;
use super::brush::Fill;
use super::composition::Composition;
use super::pinhole::{Point3, Stand};

/// What sort of vehicle.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Build {
    Saloon,
    Hatch,
    Tall,
    /// A van, a bus or a lorry's cab: an upright face.
    Flat,
}

/// Dimensions, mm, and colours. Heights are above the ground; depths are behind the bumper.
pub(super) struct Car {
    pub(super) build: Build,
    pub(super) is_rear: bool,
    pub(super) half: f32,
    pub(super) clearance: f32,
    /// Edge of the bonnet or of the boot lid.
    pub(super) belt: f32,
    /// Foot of the glass.
    pub(super) foot: f32,
    pub(super) roof: f32,
    /// How far back the foot and the head of the glass are.
    pub(super) foot_back: f32,
    pub(super) roof_back: f32,
    pub(super) length: f32,
    /// How far back the face's sides are.
    bulge: f32,
    /// Height of the middle of the plate.
    pub(super) plate: f32,
    pub(super) paint: Tone,
    pub(super) plastic: Tone,
    pub(super) glass: Tone,
    pub(super) sky: Tone,
    pub(super) lit: bool,
}

impl Car {
    pub(super) fn draw(scene: &mut Composition, commercial: bool, sky: Tone) -> Car {
        let (colour, _) = PAINTS[scene.rng.weighted(&PAINTS.map(|(_, share)| share))];
        let colour = if commercial && scene.rng.chance(0.5) {
            scene.rng.pick(&[[0x20, 0x38, 0x90], [0xe8, 0xe8, 0xe8], [0xe0, 0x80, 0x20], [0x30, 0x90, 0x60]])
        } else {
            colour
        };
        let paint = scene.tone(colour, 22.0);
        let plastic = scene.tone([0x20, 0x21, 0x23], 16.0);
        let glass = scene.tone([0x1c, 0x22, 0x28], 22.0);
        let (rng, difficulty) = (&mut scene.rng, scene.difficulty);
        let build = match rng.weighted(if commercial { &[0.25, 0.0, 0.15, 0.6] } else { &[0.5, 0.17, 0.25, 0.08] }) {
            0 => Build::Saloon,
            1 => Build::Hatch,
            2 => Build::Tall,
            _ => Build::Flat,
        };
        let is_rear = rng.chance(0.42);
        let mut u = |low: f32, high: f32| rng.uniform(low, high);
        let (belt, rise, roof, foot_back, rake) = match (build, is_rear) {
            (Build::Saloon, false) => {
                (u(680.0, 800.0), u(150.0, 240.0), u(1380.0, 1480.0), u(850.0, 1200.0), u(500.0, 800.0))
            }
            (Build::Saloon, true) => {
                (u(900.0, 1020.0), u(20.0, 90.0), u(1380.0, 1480.0), u(350.0, 700.0), u(400.0, 800.0))
            }
            (Build::Hatch, false) => {
                (u(760.0, 880.0), u(130.0, 230.0), u(1450.0, 1570.0), u(600.0, 900.0), u(400.0, 700.0))
            }
            (Build::Hatch, true) => {
                (u(900.0, 1020.0), u(0.0, 40.0), u(1450.0, 1570.0), u(80.0, 200.0), u(150.0, 450.0))
            }
            (Build::Tall, false) => {
                (u(880.0, 1050.0), u(110.0, 200.0), u(1620.0, 1800.0), u(700.0, 1000.0), u(400.0, 650.0))
            }
            (Build::Tall, true) => (u(980.0, 1120.0), u(0.0, 40.0), u(1620.0, 1800.0), u(60.0, 150.0), u(120.0, 350.0)),
            (Build::Flat, _) => (u(1050.0, 1350.0), u(0.0, 60.0), u(1900.0, 2900.0), u(20.0, 120.0), u(80.0, 350.0)),
        };
        let clearance = u(150.0, 260.0);
        let plate = match (build, is_rear) {
            (Build::Flat, _) => u(420.0, 900.0),
            (_, false) => u(380.0, 560.0).max(clearance + 170.0),
            (_, true) if rng.chance(0.4) => rng.uniform(430.0, 560.0),
            (_, true) => rng.uniform(700.0, belt - 130.0),
        };
        let lit = rng.chance(0.12 * difficulty);
        Car {
            build,
            is_rear,
            half: if build == Build::Flat { rng.uniform(820.0, 1150.0) } else { rng.uniform(800.0, 960.0) },
            clearance,
            belt,
            foot: belt + rise,
            roof,
            foot_back,
            roof_back: foot_back + rake,
            length: rng.uniform(3600.0, 5000.0),
            bulge: if build == Build::Flat { rng.uniform(0.0, 120.0) } else { rng.uniform(120.0, 480.0) },
            plate,
            paint,
            plastic,
            glass,
            sky,
            lit,
        }
    }

    /// A place on the face, `y` above the ground.
    pub(super) fn face(&self, x: f32, y: f32) -> Point3 {
        let lean = (y - 550.0).max(0.0) * if self.build == Build::Flat { 0.06 } else { 0.22 };
        let far = (x / self.half).abs().min(1.1);
        [x, -y, self.bulge * far * far * far + lean]
    }

    /// How far the face leans back at the plate, radians.
    pub(super) fn lean(&self, rng: &mut Rng) -> f32 {
        let lean = if self.plate > 620.0 { 0.12 } else { 0.0 };
        lean + rng.normal(0.05)
    }

    /// Points on the face (x, height) as pixels.
    pub(super) fn on_face<const N: usize>(&self, stand: &Stand, points: [[f32; 2]; N]) -> [[f32; 2]; N] {
        points.map(|[x, y]| stand.see(self.face(x, y)))
    }

    /// An ellipse on the face as pixels.
    pub(super) fn oval(&self, stand: &Stand, [x, y]: [f32; 2], [rx, ry]: [f32; 2]) -> [[f32; 2]; 8] {
        std::array::from_fn(|i| {
            let (s, c) = (i as f32 * std::f32::consts::FRAC_PI_4).sin_cos();
            stand.see(self.face(x + 1.05 * rx * c, y + 1.05 * ry * s))
        })
    }

    /// The upright box around the whole vehicle, pixels: x0, y0, x1, y1.
    pub(super) fn bounds(&self, stand: &Stand) -> [f32; 4] {
        let mut all = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for x in [-self.half, self.half] {
            for y in [0.0, -self.roof] {
                for z in [0.0, self.length] {
                    let [px, py] = stand.see([x, y, z]);
                    all = [all[0].min(px), all[1].min(py), all[2].max(px), all[3].max(py)];
                }
            }
        }
        all
    }

    /// Draws everything but the face.
    pub(super) fn paint(&self, scene: &mut Composition, stand: &Stand) {
        self.shadow(scene, stand);
        self.flanks(scene, stand);
        self.cabin(scene, stand);
    }

    fn shadow(&self, scene: &mut Composition, stand: &Stand) {
        let depth = scene.rng.uniform(0.25, 0.55);
        for grow in [160.0, 60.0, -60.0] {
            let (x, z0, z1) = (self.half + grow, -grow * 0.8, self.length + grow);
            let points = [[-x, 0.0, z0], [x, 0.0, z0], [x, 0.0, z1], [-x, 0.0, z1]].map(|place| stand.see(place));
            scene.shape(&points, 0.1, Fill::flat([0.015; 3]).cover(depth));
        }
    }

    /// Which side is seen: -1 or 1, or nothing when neither is.
    fn seen_side(&self, stand: &Stand) -> Option<f32> {
        [-1.0, 1.0].into_iter().find(|side| {
            let near = stand.see([side * self.half, -self.belt, self.bulge]);
            let far = stand.see([side * self.half, -self.belt, self.length]);
            stand.camera.faces(stand.place([side * self.half, -self.belt, self.bulge]))
                && side * (far[0] - near[0]) > 1.0
        })
    }

    fn flanks(&self, scene: &mut Composition, stand: &Stand) {
        let tyre = scene.tone([0x16, 0x16, 0x18], 8.0);
        // The front tyres under the face.
        for side in [-1.0, 1.0] {
            let (x0, x1) = (side * self.half * 0.97, side * (self.half - 220.0));
            let points =
                [[x0, 0.0], [x1, 0.0], [x1, 420.0], [x0, 420.0]].map(|[x, y]: [f32; 2]| stand.see([x, -y, 620.0]));
            scene.shape(&points, 0.12, Fill::flat(tyre));
        }
        let Some(side) = self.seen_side(stand) else { return };
        let x = side * self.half;
        let at = |z: f32, y: f32| stand.see([x, -y, z]);
        let inner = |z: f32, y: f32| stand.see([x * 0.8, -y, z]);
        let (back, gleam) = (self.length, scene.rng.uniform(0.55, 1.1));
        let body = [
            at(self.bulge, self.clearance),
            at(self.bulge, self.belt),
            at(self.foot_back, self.foot),
            inner(self.roof_back, self.roof),
            inner(back * 0.85, self.roof * 0.97),
            at(back * 0.96, self.foot),
            at(back, self.belt),
            at(back, self.clearance),
        ];
        let lit = mix(scaled(self.paint, gleam), self.sky, 0.12);
        scene.shape(&body, 0.12, Fill::graded(lit, scaled(self.paint, 0.55 * gleam)));
        let window = [
            at(self.foot_back + 300.0, self.foot + 20.0),
            inner(self.roof_back + 200.0, self.roof - 90.0),
            inner(back * 0.82, self.roof * 0.97 - 90.0),
            at(back * 0.9, self.foot + 20.0),
        ];
        scene.shape(&window, 0.1, Fill::graded(mix(self.glass, self.sky, 0.35), self.glass));
        let rim = scene.tone([0x98, 0x9a, 0x9e], 40.0);
        let radius = scene.rng.uniform(300.0, 360.0);
        for z in [self.bulge + 520.0, back - 800.0] {
            let circle = |r: f32, x: f32| -> [[f32; 2]; 8] {
                std::array::from_fn(|i| {
                    let (s, c) = (i as f32 * std::f32::consts::FRAC_PI_4).sin_cos();
                    stand.see([x, -radius + 1.06 * r * s, z + 1.06 * r * c])
                })
            };
            scene.shape(&circle(radius * 1.18, x), 0.5, Fill::flat(scaled(tyre, 0.5)));
            scene.shape(&circle(radius, x * 1.01), 0.5, Fill::flat(tyre));
            scene.shape(&circle(radius * 0.62, x * 1.01), 0.5, Fill::graded(rim, scaled(rim, 0.4)));
            for turn in 0..5 {
                let (s, c) = (turn as f32 * 1.257).sin_cos();
                let spoke = [0.15, 0.58].map(|r| stand.see([x * 1.01, -radius + r * radius * s, z + r * radius * c]));
                let thick = (spoke[0][0] - spoke[1][0]).hypot(spoke[0][1] - spoke[1][1]) * 0.25;
                scene.line(&spoke, thick, scaled(tyre, 0.8), 0.9);
            }
        }
        let (from, to) = (at(self.bulge, self.belt * 0.72), at(back, self.belt * 0.78));
        scene.line(&[from, to], 1.0, scaled(self.paint, 0.5), 0.6);
    }

    /// Roof, pillars, glass and what is behind it.
    fn cabin(&self, scene: &mut Composition, stand: &Stand) {
        let see = |x: f32, y: f32, z: f32| stand.see([x, -y, z]);
        let (h, foot, roof) = (self.half, self.foot, self.roof);
        let narrow =
            if self.build == Build::Flat { scene.rng.uniform(0.88, 0.99) } else { scene.rng.uniform(0.66, 0.8) };
        let (zf, zr) = (self.foot_back, self.roof_back);
        let shell = [
            see(-h * 0.96, foot - 60.0, zf),
            see(-h * narrow, roof - 30.0, zr),
            see(-h * 0.4 * narrow, roof + 25.0, zr + 200.0),
            see(h * 0.4 * narrow, roof + 25.0, zr + 200.0),
            see(h * narrow, roof - 30.0, zr),
            see(h * 0.96, foot - 60.0, zf),
        ];
        let roof_tone = if scene.rng.chance(0.12) { self.plastic } else { self.paint };
        scene.shape(&shell, 0.16, Fill::graded(mix(roof_tone, self.sky, 0.3), scaled(roof_tone, 0.7)));
        let inset = scene.rng.uniform(0.03, 0.08);
        let (top, bottom) = (roof - (roof - foot) * inset * 1.6, foot + 15.0);
        let (za, zb) = (zf + (zr - zf) * 0.03, zr - (zr - zf) * 0.08);
        let pane = |x: f32, t: f32| {
            let wide = h * (0.93 + (narrow - 0.93) * t - inset);
            see(x * wide, bottom + (top - bottom) * t, za + (zb - za) * t)
        };
        let glass =
            [pane(-1.0, 0.0), pane(-1.0, 1.0), pane(0.0, 1.06), pane(1.0, 1.0), pane(1.0, 0.0), pane(0.0, -0.05)];
        let shine = scene.rng.uniform(0.0, 0.55);
        scene.shape(
            &glass,
            0.1,
            Fill::graded(mix(self.glass, self.sky, shine * 0.3), mix(self.glass, self.sky, shine)),
        );
        mirrored(scene, [self.glass, self.sky], |u, t| pane(u * 0.95, t));
        // Seats and a mirror.
        let seat = mix(self.glass, self.sky, scene.rng.uniform(0.0, 0.15));
        for x in [-0.45_f32, 0.45] {
            if scene.rng.chance(0.5) {
                let block = [pane(x - 0.16, 0.1), pane(x - 0.12, 0.65), pane(x + 0.12, 0.65), pane(x + 0.16, 0.1)];
                scene.shape(&block, 0.3, Fill::flat(scaled(seat, 0.6)));
            }
        }
        if !self.is_rear {
            let mirror = [pane(-0.13, 0.84), pane(-0.13, 0.95), pane(0.13, 0.95), pane(0.13, 0.84)];
            scene.shape(&mirror, 0.25, Fill::flat(scaled(self.glass, 0.4)));
        }
        if scene.rng.chance(0.5) {
            let (x, wide) = (scene.rng.uniform(-0.9, 0.5), scene.rng.uniform(0.1, 0.5));
            let lean = scene.rng.normal(0.2);
            let streak =
                [pane(x, 0.02), pane(x + lean, 0.98), pane((x + wide + lean).min(0.98), 0.98), pane(x + wide, 0.02)];
            let cover = scene.rng.uniform(0.1, 0.5);
            scene.shape(&streak, 0.0, Fill::flat(mix(self.glass, self.sky, 0.7)).cover(cover));
        }
        if scene.rng.chance(0.5) {
            let wiper = [pane(scene.rng.uniform(-0.6, -0.2), -0.02), pane(scene.rng.uniform(0.3, 0.8), 0.1)];
            scene.line(&wiper, 1.2, [0.03; 3], 0.9);
        }
        // Mirrors at the doors.
        if !self.is_rear || scene.rng.chance(0.4) {
            let (z, y) = (self.foot_back + 350.0, foot + 30.0);
            for side in [-1.0, 1.0] {
                let ear = [[0.97, -20.0], [1.0, 110.0], [1.19, 120.0], [1.22, 10.0]]
                    .map(|[x, dy]| see(side * h * x, y + dy, z));
                scene.shape(&ear, 0.3, Fill::graded(self.paint, scaled(self.paint, 0.5)));
            }
        }
        if scene.rng.chance(0.35) {
            self.card(scene, stand, za, bottom);
        }
    }

    /// A telephone number behind the windscreen.
    fn card(&self, scene: &mut Composition, stand: &Stand, depth: f32, foot: f32) {
        let x = self.half * scene.rng.uniform(-0.75, 0.75);
        let slope = ((self.roof_back - self.foot_back) / (self.roof - self.foot)).atan();
        let pose = stand.pose([x, -(foot + 60.0), depth + 30.0], slope, scene.rng.normal(0.06), 0.0);
        let size = [scene.rng.uniform(140.0, 280.0), scene.rng.uniform(35.0, 80.0)];
        super::negative::draw(scene, super::negative::Negative::Card, size, &pose);
    }
}

/// What glossy surfaces mirror: patches between two tones on a surface whose places `at` maps from -1..1 (across) and
/// 0..1 (up) to pixels.
pub(super) fn mirrored(scene: &mut Composition, [dark, light]: [Tone; 2], at: impl Fn(f32, f32) -> [f32; 2]) {
    for _ in 0..scene.rng.index(5) {
        let rng = &mut scene.rng;
        let (x, y) = (rng.uniform(-1.0, 1.0), rng.unit());
        let (wide, tall) = (rng.log_uniform(0.05, 0.9), rng.log_uniform(0.04, 0.5));
        let slant = rng.normal(0.2);
        let points: [[f32; 2]; 6] = std::array::from_fn(|i| {
            let (s, c) = (i as f32 * std::f32::consts::FRAC_PI_3 + rng.normal(0.25)).sin_cos();
            let (u, v) = (x + wide * c, y + tall * s + slant * c);
            at(u.clamp(-1.0, 1.0), v.clamp(0.0, 1.0))
        });
        let (share, cover, round) = (rng.unit(), rng.uniform(0.12, 0.6), rng.uniform(0.0, 0.5));
        scene.shape(&points, round, Fill::flat(mix(dark, light, share)).cover(cover));
    }
}
