export { augmentSudoku } from "./augment";
export { blankToken, digitsOf, type SudokuBoard, sudokuBoard } from "./board";
export { allSudokuGrids, drawSudokuGrids } from "./grids";
export { readPuzzleFolder, writePuzzleFolder } from "./puzzle-folder";
export { makeSudokuPuzzles, type SudokuPuzzles, selectPuzzles } from "./puzzles";
export { type SudokuSolutions, solveSudoku } from "./solve";
